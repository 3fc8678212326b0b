//! The dictionary with which a lone change is packed small; PCs and server both carry it.

/// The header in which a side names the dictionary it has. A call that names it may have its body
/// packed with it, and is answered so; whether a body is packed, [`PACKED_MARK`] tells.
pub const PACK_HEADER: &str = "x-pack";
/// The dictionary of this program. Another one gets another name.
pub const PACK_NAME: &str = "1";
/// Its bytes, for zstd: made by `vanthu-bench --dictionary-to`, and never changed.
pub const PACK_BYTES: &[u8] = include_bytes!("packs/1.zdict");
/// Begins every body packed with zstd, and no JSON.
pub const PACKED_MARK: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

#[cfg(test)]
mod tests {
    use super::PACK_BYTES;
    use crate::wire::Hex;
    use sha2::{Digest as _, Sha256};

    /// Who has the old bytes under this name could not read what is packed with new ones.
    #[test]
    fn the_bytes_under_a_name_stay_the_same() {
        let hash = Hex::<32>(Sha256::digest(PACK_BYTES).into());
        assert_eq!(
            alloc::format!("{hash}"),
            "3fed1cd05bb3956ef890eefd308226cdcc1f8d578236dfa47504e2272f48f33c"
        );
    }
}
