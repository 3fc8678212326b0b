//! Looking at a register whose states came from a server: they cannot be made again from the
//! commands of one PC, so what follows from them is, and what lies over them.
use sync::Hash;
use sync::replica::state_hash;

use crate::error::{Doing, StoreError};
use crate::keys::{key_from, state_from};
use crate::store::Store;
use crate::verify::{Finding, VerifyReport};
use crate::view::View;

/// Rows copied together.
const ROWS_TOGETHER: u32 = 500;

const READ: &str = "
    SELECT row, key, ver, ord, body
    FROM state
    WHERE row > ?1
    ORDER BY row
    LIMIT ?2";
const WRITE: &str = "
    INSERT INTO state (key, ver, ord, body)
    VALUES (?1, ?2, ?3, ?4)";

type Row = (i64, Vec<u8>, u64, Option<i64>, String);

/// Copies the states as they are shown into a scratch register, each at its place.
pub(crate) fn copy_states(view: &View<'_>, scratch: &Store) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let rows: Vec<Row> = view.all(READ, (after, ROWS_TOGETHER), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?;
        let Some((last, ..)) = rows.last() else { return Ok(()) };
        after = *last;
        scratch.batch(|batch| {
            for (_, key, ver, ord, body) in &rows {
                let put = batch.conn.prepare_cached(WRITE);
                put.and_then(|mut put| put.execute((key, ver, ord, body)))
                    .doing("copying a state")?;
            }
            Ok::<(), StoreError>(())
        })?;
    }
}

/// What is shown over a confirmed state is what the last waiting command made of it; where none
/// waits any more, it is the confirmed state itself.
pub(crate) fn check_overlay(view: &View<'_>, report: &mut VerifyReport) -> Result<(), StoreError> {
    let sql = "
        SELECT confirmed.key, confirmed.body,
            (SELECT hash FROM touch WHERE touch.key = confirmed.key ORDER BY seq DESC LIMIT 1),
            EXISTS (SELECT 1 FROM handed WHERE handed.book = substr(confirmed.key, 2))
        FROM confirmed
        ORDER BY confirmed.key";
    type Over = (Vec<u8>, Option<String>, Option<Hash>, bool);
    let over: Vec<Over> =
        view.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    for (key, confirmed, made, handed) in over {
        let name = key_from(&key)?;
        let shown = view.state(name)?;
        let stands = match (made, &shown) {
            // A book that was handed over may lie over what was done to it before.
            (_, shown) if handed => shown.is_some(),
            (Some(made), Some(shown)) => state_hash(shown) == made,
            (Some(_), None) => false,
            (None, shown) => {
                let confirmed = confirmed.map(|body| state_from(name, &body)).transpose()?;
                confirmed == *shown
            }
        };
        if !stands {
            let row = format!("{name:?}");
            report.found(Finding::Differs { table: "confirmed", of: Some(name), row });
        }
    }
    Ok(())
}
