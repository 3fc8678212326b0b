//! Which bytes of a file the page asks for: the `Range` header, read once for window and browser.

/// A page takes a large file in parts, and no part holds the desk for long.
pub const PART_BYTES_MAX: u64 = 8 << 20;

/// The bytes that were asked for, before the length of the file is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartAsked {
    /// All of it.
    Whole,
    /// From the first byte up to the second one, which is no longer part of it.
    Between(u64, u64),
}

impl PartAsked {
    /// Reads the header. What cannot be read, or asks for several parts, gets the whole file, as
    /// RFC 9110 allows.
    pub fn of(range: Option<&str>) -> PartAsked {
        range.and_then(between).unwrap_or(PartAsked::Whole)
    }

    /// Returns the bounds to ask the desk for: the first byte, and the first one after the part.
    pub fn bounds(self) -> (u64, u64) {
        match self {
            PartAsked::Whole => (0, u64::MAX),
            PartAsked::Between(from, to) => (from, to),
        }
    }

    /// Writes the `Content-Range` of an answer with so many bytes; none for a whole file.
    pub fn content_range(self, bytes: u64, total: u64) -> Option<String> {
        match self {
            PartAsked::Whole => None,
            PartAsked::Between(from, _) if bytes > 0 => {
                Some(format!("bytes {from}-{}/{total}", from.saturating_add(bytes - 1)))
            }
            PartAsked::Between(..) => Some(format!("bytes */{total}")),
        }
    }
}

fn between(range: &str) -> Option<PartAsked> {
    let (first, last) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
    let from: u64 = first.trim().parse().ok()?;
    let most = from.saturating_add(PART_BYTES_MAX);
    let to = match last.trim() {
        "" => most,
        last => last.parse::<u64>().ok().filter(|last| *last >= from)?.saturating_add(1).min(most),
    };
    Some(PartAsked::Between(from, to))
}

#[cfg(test)]
mod tests {
    use super::{PART_BYTES_MAX, PartAsked};

    #[test]
    fn a_range_is_read_as_the_browser_means_it() {
        assert_eq!(PartAsked::of(Some("bytes=0-65535")), PartAsked::Between(0, 65536));
        assert_eq!(PartAsked::of(Some("bytes=7-7")), PartAsked::Between(7, 8));
        assert_eq!(PartAsked::of(Some("bytes=7-")), PartAsked::Between(7, 7 + PART_BYTES_MAX));
    }

    #[test]
    fn what_cannot_be_read_gets_the_whole_file() {
        for range in ["", "bytes=", "bytes=9-7", "bytes=-500", "bytes=0-1,4-5", "lines=1-2"] {
            assert_eq!(PartAsked::of(Some(range)), PartAsked::Whole, "{range}");
        }
        assert_eq!(PartAsked::of(None).bounds(), (0, u64::MAX));
    }

    #[test]
    fn the_answer_says_which_bytes_it_holds() {
        let asked = PartAsked::of(Some("bytes=10-19"));
        assert_eq!(asked.content_range(10, 100).as_deref(), Some("bytes 10-19/100"));
        assert_eq!(asked.content_range(4, 14).as_deref(), Some("bytes 10-13/14"));
        assert_eq!(asked.content_range(0, 5).as_deref(), Some("bytes */5"));
        assert_eq!(PartAsked::Whole.content_range(5, 5), None);
    }
}
