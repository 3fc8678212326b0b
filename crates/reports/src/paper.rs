//! Lengths on paper: whole thousandths of a point, so that layout never rounds differently.

/// A length in thousandths of a point, counted from the upper left corner of the page.
pub(crate) type Mp = i32;

/// The width of A4 laid across: 297 mm.
pub(crate) const PAGE_WIDTH: Mp = mm(297);
/// The height of A4 laid across: 210 mm.
pub(crate) const PAGE_HEIGHT: Mp = mm(210);
/// The left margin is the wide one: the book is bound there.
pub(crate) const MARGIN_LEFT: Mp = mm(20);
/// The right margin.
pub(crate) const MARGIN_RIGHT: Mp = mm(12);
/// The upper margin.
pub(crate) const MARGIN_TOP: Mp = mm(13);
/// The lower margin.
pub(crate) const MARGIN_BOTTOM: Mp = mm(10);
/// The width that is printed on.
pub(crate) const PRINT_WIDTH: Mp = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT;

/// Millimetres as a length.
pub(crate) const fn mm(millimetres: i32) -> Mp {
    // 72 points are 25.4 mm.
    millimetres * 720_000 / 254
}

/// Tenths of a point as a length.
pub(crate) const fn tenths(tenths_of_a_point: i32) -> Mp {
    tenths_of_a_point * 100
}

/// A length as PDF wants it, in points.
pub(crate) fn points(length: Mp) -> f32 {
    // Page lengths stay below 2^24 thousandths, so the conversion is exact before the division.
    length as f32 / 1000.0
}

/// A place on the page, from its upper left corner.
#[derive(Clone, Copy)]
pub(crate) struct Spot {
    pub x: Mp,
    pub y: Mp,
}

/// A rectangle on the page; `at` is its upper left corner.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    pub at: Spot,
    pub width: Mp,
    pub height: Mp,
}
