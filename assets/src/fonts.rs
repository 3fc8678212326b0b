//! The face of every printed page: Liberation Serif, as wide as Times New Roman, under the OFL.

/// Upright.
pub const SERIF_REGULAR: &[u8] = include_bytes!("../fonts/LiberationSerif-Regular.ttf");
/// Upright and bold.
pub const SERIF_BOLD: &[u8] = include_bytes!("../fonts/LiberationSerif-Bold.ttf");
/// Italic.
pub const SERIF_ITALIC: &[u8] = include_bytes!("../fonts/LiberationSerif-Italic.ttf");
/// Italic and bold.
pub const SERIF_BOLD_ITALIC: &[u8] = include_bytes!("../fonts/LiberationSerif-BoldItalic.ttf");
/// The licence that must travel with the fonts.
pub const SERIF_LICENCE: &str = include_str!("../fonts/OFL.txt");

#[cfg(test)]
mod tests {
    use super::{SERIF_BOLD, SERIF_BOLD_ITALIC, SERIF_ITALIC, SERIF_REGULAR};

    #[test]
    fn each_face_is_a_true_type_file() {
        for face in [SERIF_REGULAR, SERIF_BOLD, SERIF_ITALIC, SERIF_BOLD_ITALIC] {
            assert!(face.starts_with(&[0, 1, 0, 0]));
        }
    }
}
