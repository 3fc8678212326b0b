//! Numbers this PC gave that the log has not confirmed yet.
use register::{Book, DeviceId, Holder, Key, State};

use crate::error::StoreError;
use crate::keys::{BOOK_TAG, key_from, state_from};
use crate::view::View;

impl View<'_> {
    /// The books a PC holds whose counters are ahead of the log, and by how many numbers.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn numbers_unconfirmed(&self, holder: DeviceId) -> Result<u32, StoreError> {
        let sql = "
            SELECT state.key, state.body, confirmed.body
            FROM confirmed
            JOIN state ON state.key = confirmed.key
            WHERE confirmed.key >= ?1 AND confirmed.key < ?2
            ORDER BY confirmed.key";
        let ends = ([BOOK_TAG], [BOOK_TAG + 1]);
        let rows: Vec<(Vec<u8>, String, Option<String>)> =
            self.all(sql, ends, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut given = 0u32;
        for (key, shown, confirmed) in rows {
            let name = key_from(&key)?;
            let Some(shown) = book_in(name, &shown)? else { continue };
            let confirmed = confirmed.map(|body| book_in(name, &body)).transpose()?.flatten();
            if shown.lease.holder == Holder::Device(holder) {
                given = given.saturating_add(ahead(&shown, confirmed.as_ref()));
            }
        }
        Ok(given)
    }
}

fn book_in(name: Key, body: &str) -> Result<Option<Book>, StoreError> {
    Ok(match state_from(name, body)? {
        State::Book(book) => Some(*book),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Incoming(_)
        | State::Outgoing(_)
        | State::Task(_)
        | State::Year(_) => None,
    })
}

fn ahead(shown: &Book, confirmed: Option<&Book>) -> u32 {
    let of_year = |(year, count): (&i16, &register::YearCount)| {
        let known = confirmed.and_then(|book| book.years.get(year));
        count.next.saturating_sub(known.map_or(count.first, |known| known.next))
    };
    shown.years.iter().map(of_year).fold(0, u32::saturating_add)
}
