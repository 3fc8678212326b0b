//! Tables shipped as text: one row a line, fields parted by tabs.

/// Returns the rows of a shipped table that have exactly `N` fields.
///
/// A row with another number of fields is left out; the tests of each table see that none is.
pub(crate) fn rows<const N: usize>(
    table: &'static str,
) -> impl Iterator<Item = [&'static str; N]> + Clone {
    table.lines().filter_map(|line| {
        let mut fields = line.split('\t');
        let mut row = [""; N];
        for field in &mut row {
            *field = fields.next()?;
        }
        match fields.next() {
            None => Some(row),
            Some(_) => None,
        }
    })
}
