//! Pictures of every screen, light and dark, in two sizes; written only where VANTHU_SCREENS says.

fn main() {}
