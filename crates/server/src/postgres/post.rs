//! What goes between agencies, and the directory: few rows, read and written as they are.
use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use register::{AgencyId, Moment, ParcelId};

use super::rows::{self, stored};
use super::tx::Tx;
use crate::fault::StorageFault;
use crate::storage::{Found, Out};

/// `id, from_org, to_org, parcel, rank, deliver, at, due, tries, body`.
fn out(row: &Row) -> Found<Out> {
    let (rank, tries): (i16, i64) = (rows::value(row, 4)?, rows::value(row, 8)?);
    let form = |_| StorageFault::Form { what: "matter" };
    Ok(Out {
        id: rows::bytes(row, 0)?,
        from: AgencyId(rows::bytes(row, 1)?),
        to: AgencyId(rows::bytes(row, 2)?),
        parcel: ParcelId(rows::bytes(row, 3)?),
        rank: u8::try_from(rank).map_err(form)?,
        deliver: rows::value(row, 5)?,
        at: Moment(rows::value(row, 6)?),
        due: Moment(rows::value(row, 7)?),
        tries: u32::try_from(tries).map_err(form)?,
        body: rows::value(row, 9)?,
    })
}

impl Tx<'_> {
    /// Matters as the database has them, with what the jobs wrote laid over them.
    fn with_written_outs(&self, found: &[Row], is_meant: impl Fn(&Out) -> bool) -> Found<Vec<Out>> {
        let pending = self.pending.borrow();
        let mut all = BTreeMap::new();
        for row in found {
            let mut out = out(row)?;
            if let Some(due) = pending.hurried.get(&out.from) {
                out.due = out.due.min(*due);
            }
            all.insert(out.id, out);
        }
        for (id, written) in pending.outs.range(..) {
            match written {
                Some(out) => all.insert(*id, out.clone()),
                None => all.remove(id),
            };
        }
        Ok(all.into_values().filter(is_meant).collect())
    }

    pub fn outs_due(&self, due: Moment, limit: u32) -> Found<Vec<Out>> {
        let sql = "
            SELECT id, from_org, to_org, parcel, rank, deliver, at, due, tries, body
            FROM outbox
            WHERE due <= $1
            ORDER BY rank, due, at, id
            LIMIT $2";
        let found = self.rows("reading what goes out", sql, &[&due.0, &i64::from(limit)])?;
        let mut outs = self.with_written_outs(&found, |out| out.due <= due)?;
        outs.sort_by_key(|out| (out.rank, out.due, out.at, out.id));
        outs.truncate(limit as usize);
        Ok(outs)
    }

    pub fn first_out(&self) -> Found<Option<Moment>> {
        let sql = "
            SELECT min(due)
            FROM outbox";
        let found = self.rows("looking for what goes out", sql, &[])?;
        let due: Option<i64> = found.first().map(|row| rows::value(row, 0)).transpose()?.flatten();
        let pending = self.pending.borrow();
        let written = pending.outs.range(..);
        let written = written.values().filter_map(|out| out.as_ref().map(|out| out.due)).min();
        Ok(due.map(Moment).into_iter().chain(written).min())
    }

    pub fn outs_about(&self, from: AgencyId, parcel: ParcelId) -> Found<Vec<Out>> {
        let sql = "
            SELECT id, from_org, to_org, parcel, rank, deliver, at, due, tries, body
            FROM outbox
            WHERE from_org = $1 AND parcel = $2";
        let doing = "reading what goes out of a parcel";
        let found = self.rows(doing, sql, &[&&from.0[..], &&parcel.0[..]])?;
        let about = |out: &Out| (out.from, out.parcel) == (from, parcel);
        let mut outs = self.with_written_outs(&found, about)?;
        outs.sort_by_key(|out| (out.at, out.id));
        Ok(outs)
    }

    pub fn unread(&self, org: AgencyId, upto: u64, limit: u32) -> Found<Vec<(u64, ParcelId)>> {
        let sql = "
            SELECT seq, parcel
            FROM unfetched
            WHERE org = $1 AND seq <= $2
            ORDER BY seq
            LIMIT $3";
        let values: [&(dyn ToSql + Sync); 3] = [&&org.0[..], &stored(upto), &i64::from(limit)];
        let found = self.rows("reading what nobody has read", sql, &values)?;
        let mut all = BTreeSet::new();
        for row in &found {
            all.insert((rows::number(row, 0)?, ParcelId(rows::bytes(row, 1)?)));
        }
        for ((of, seq, parcel), there) in self.pending.borrow().unfetched.range(..) {
            if *of != org || *seq > upto {
                continue;
            }
            if *there {
                all.insert((*seq, *parcel));
            } else {
                all.remove(&(*seq, *parcel));
            }
        }
        Ok(all.into_iter().take(limit as usize).collect())
    }

    pub fn listed_above(&self, above: u64, limit: u32) -> Found<Vec<(u64, String)>> {
        self.spill()?;
        let sql = "
            SELECT ver, body
            FROM listed
            WHERE ver > $1
            ORDER BY ver
            LIMIT $2";
        let values: [&(dyn ToSql + Sync); 2] = [&stored(above), &i64::from(limit)];
        let found = self.rows("reading the directory", sql, &values)?;
        found.iter().map(|row| Ok((rows::number(row, 0)?, rows::value(row, 1)?))).collect()
    }

    pub fn listed_as(&self, id: AgencyId) -> Found<Option<String>> {
        if let Some(body) = self.pending.borrow().listed.get(&id) {
            return Ok(Some(body.clone()));
        }
        let sql = "
            SELECT body
            FROM listed
            WHERE id = $1";
        let found = self.rows("looking up in the directory", sql, &[&&id.0[..]])?;
        found.first().map(|row| rows::value(row, 0)).transpose()
    }

    pub fn listed_upto(&self) -> Found<u64> {
        self.spill()?;
        let sql = "
            SELECT ver
            FROM listed_order";
        let found = self.rows("looking how far the directory is", sql, &[])?;
        Ok(found.first().map(|row| rows::number(row, 0)).transpose()?.unwrap_or(0))
    }
}
