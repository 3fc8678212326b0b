//! The check for a PDF that unpacks without end, made before a reader touches it.
//!
//! Three kilobytes can hold gigabytes. The reader unpacks a stream whole, so whoever asks it to
//! open such a file runs out of memory, and that no thread survives.

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

/// The largest stream the reader is trusted with: a colour page at 600 dots an inch.
pub const STREAM_BYTES_MAX: u64 = 112 << 20;
/// How many packings may lie inside each other.
const PACKINGS_MAX: u32 = 2;
/// The most that packing can save: no stream grows by more than this.
const SWELLING_MAX: u64 = 1_032;
/// How much is unpacked at a time.
const WINDOW_BYTES: usize = 64 * 1024;

/// Whether a stream of the PDF unpacks to more than [`STREAM_BYTES_MAX`].
pub(crate) fn swells(pdf: &[u8]) -> bool {
    const WORD: &[u8] = b"stream";
    let mut rest = pdf;
    while let Some(at) = find(rest, WORD) {
        let (_, after) = rest.split_at_checked(at + WORD.len()).unwrap_or((rest, &[]));
        let data = match after {
            [b'\r', b'\n', data @ ..] | [b'\n' | b'\r', data @ ..] => data,
            data => data,
        };
        if is_packed(data) {
            let length = find(data, b"endstream").unwrap_or(data.len());
            let packed = data.get(..length).unwrap_or(data);
            if stream_swells(packed, PACKINGS_MAX) {
                return true;
            }
            rest = data.get(length..).unwrap_or(&[]);
        } else {
            rest = after;
        }
    }
    false
}

fn stream_swells(packed: &[u8], packings_left: u32) -> bool {
    let may_swell = packed.len() as u64 * SWELLING_MAX > STREAM_BYTES_MAX;
    let mut begun = Unpacking::of(packed);
    let Some(first) = begun.next() else { return false };
    if is_packed(first) {
        if packings_left == 0 {
            return true;
        }
        let mut inner = first.to_vec();
        while let Some(more) = begun.next() {
            inner.extend_from_slice(more);
            if inner.len() as u64 > STREAM_BYTES_MAX {
                return true;
            }
        }
        return stream_swells(&inner, packings_left - 1);
    }
    let mut size = first.len() as u64;
    while may_swell && size <= STREAM_BYTES_MAX {
        match begun.next() {
            Some(more) => size += more.len() as u64,
            None => break,
        }
    }
    size > STREAM_BYTES_MAX
}

/// A stream being unpacked through a window, so that its size costs no memory.
struct Unpacking<'a> {
    packed: &'a [u8],
    state: Box<InflateState>,
    window: Vec<u8>,
    ended: bool,
}

impl<'a> Unpacking<'a> {
    fn of(packed: &'a [u8]) -> Unpacking<'a> {
        let state = InflateState::new_boxed(DataFormat::Zlib);
        Unpacking { packed, state, window: vec![0; WINDOW_BYTES], ended: false }
    }

    fn next(&mut self) -> Option<&[u8]> {
        if self.ended {
            return None;
        }
        let step = inflate(&mut self.state, self.packed, &mut self.window, MZFlush::None);
        self.packed = self.packed.get(step.bytes_consumed..).unwrap_or(&[]);
        let stuck = step.bytes_consumed == 0 && step.bytes_written == 0;
        self.ended = stuck || !matches!(step.status, Ok(MZStatus::Ok));
        if step.bytes_written == 0 { None } else { self.window.get(..step.bytes_written) }
    }
}

/// Whether bytes begin as packed data does.
fn is_packed(data: &[u8]) -> bool {
    match data {
        [method, flags, ..] => {
            method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)).is_multiple_of(31)
        }
        [] | [_] => false,
    }
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec_zlib;

    use super::{STREAM_BYTES_MAX, swells};

    fn pdf_with(stream: &[u8]) -> Vec<u8> {
        let head = b"%PDF-1.7\n4 0 obj\n<</Filter/FlateDecode>>stream\r\n";
        [head, stream, b"\nendstream\nendobj\n"].concat()
    }

    fn spaces(bytes: u64) -> Vec<u8> {
        compress_to_vec_zlib(&vec![b' '; bytes as usize], 1)
    }

    #[test]
    fn a_stream_that_unpacks_beyond_the_limit_is_found() {
        assert!(swells(&pdf_with(&spaces(STREAM_BYTES_MAX + 1))));
        assert!(!swells(&pdf_with(&spaces(1 << 20))));
    }

    #[test]
    fn a_packing_inside_a_packing_is_found() {
        let twice = compress_to_vec_zlib(&spaces(STREAM_BYTES_MAX + 1), 9);
        assert!(twice.len() < 20_000);
        assert!(swells(&pdf_with(&twice)));
    }

    #[test]
    fn packings_without_end_are_found() {
        let mut data = spaces(10);
        for _ in 0..5 {
            data = compress_to_vec_zlib(&data, 9);
        }
        assert!(swells(&pdf_with(&data)));
    }
}
