//! What goes between agencies, and the directory: few rows, read and written as they are.
use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use register::{AgencyId, DeviceId, Moment, ParcelId, PublicKey};

use super::rows::{self, stored};
use super::tx::Tx;
use crate::fault::StorageFault;
use crate::storage::{Behind, Found, Home, Out, Waits, Whither};

/// `id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via`.
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
        via: rows::value::<Option<&[u8]>>(row, 10)?.map(rows::public).transpose()?,
    })
}

/// `org, peer, at, stands`.
fn home(row: &Row) -> Found<Home> {
    let (at, stands) = (Moment(rows::value(row, 2)?), rows::value(row, 3)?);
    let (org, peer) = (AgencyId(rows::bytes(row, 0)?), PublicKey(rows::bytes(row, 1)?));
    Ok(Home { org, peer, at, stands })
}

fn goes(whither: Whither, out: &Out) -> bool {
    match whither {
        Whither::Anywhere => true,
        Whither::Here => out.via.is_none(),
        Whither::Peer(key) => out.via == Some(key),
    }
}

impl Tx<'_> {
    /// Matters as the database has them, with what the jobs wrote laid over them.
    fn with_written_outs(&self, found: &[Row], is_meant: impl Fn(&Out) -> bool) -> Found<Vec<Out>> {
        let pending = self.pending.borrow();
        let mut all = BTreeMap::new();
        for row in found {
            let mut out = out(row)?;
            for behind in [Behind::Parcel(out.parcel), Behind::Files] {
                let hurried = pending.hurried.get(&(out.from, behind));
                if let Some(due) = hurried.filter(|_| behind.holds(&out)) {
                    out.due = out.due.min(*due);
                }
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

    pub fn outs_due(&self, whither: Whither, (due, limit): (Moment, u32)) -> Found<Vec<Out>> {
        let anywhere = "
            SELECT id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via
            FROM outbox
            WHERE due <= $1
            ORDER BY rank, due, at, id
            LIMIT $2";
        let here = "
            SELECT id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via
            FROM outbox
            WHERE via IS NULL AND due <= $1
            ORDER BY rank, due, at, id
            LIMIT $2";
        let there = "
            SELECT id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via
            FROM outbox
            WHERE via = $3 AND due <= $1
            ORDER BY rank, due, at, id
            LIMIT $2";
        let limit_sent = i64::from(limit);
        let values: [&(dyn ToSql + Sync); 2] = [&due.0, &limit_sent];
        let doing = "reading what goes out";
        let found = match whither {
            Whither::Anywhere => self.rows(doing, anywhere, &values)?,
            Whither::Here => self.rows(doing, here, &values)?,
            Whither::Peer(key) => self.rows(doing, there, &[&due.0, &limit_sent, &&key.0[..]])?,
        };
        let is_meant = |out: &Out| out.due <= due && goes(whither, out);
        let mut outs = self.with_written_outs(&found, is_meant)?;
        outs.sort_by_key(|out| (out.rank, out.due, out.at, out.id));
        outs.truncate(limit as usize);
        Ok(outs)
    }

    pub fn first_out(&self, whither: Whither) -> Found<Option<Moment>> {
        let anywhere = "
            SELECT min(due)
            FROM outbox";
        let here = "
            SELECT min(due)
            FROM outbox
            WHERE via IS NULL";
        let there = "
            SELECT min(due)
            FROM outbox
            WHERE via = $1";
        let doing = "looking for what goes out";
        let found = match whither {
            Whither::Anywhere => self.rows(doing, anywhere, &[])?,
            Whither::Here => self.rows(doing, here, &[])?,
            Whither::Peer(key) => self.rows(doing, there, &[&&key.0[..]])?,
        };
        let due: Option<i64> = found.first().map(|row| rows::value(row, 0)).transpose()?.flatten();
        let pending = self.pending.borrow();
        let written = pending.outs.range(..);
        let written = written.values().filter_map(|out| out.as_ref());
        let written = written.filter(|out| goes(whither, out)).map(|out| out.due).min();
        Ok(due.map(Moment).into_iter().chain(written).min())
    }

    pub fn out_named(&self, id: &[u8; 16]) -> Found<Option<Out>> {
        let sql = "
            SELECT id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via
            FROM outbox
            WHERE id = $1";
        let found = self.rows("reading what goes out by its name", sql, &[&&id[..]])?;
        Ok(self.with_written_outs(&found, |out| out.id == *id)?.pop())
    }

    pub fn names_of_outs(&self, via: PublicKey, limit: u32) -> Found<Vec<[u8; 16]>> {
        self.spill()?;
        let sql = "
            SELECT id
            FROM outbox
            WHERE via = $1
            ORDER BY deliver DESC, rank, at, id
            LIMIT $2";
        let values: [&(dyn ToSql + Sync); 2] = [&&via.0[..], &i64::from(limit)];
        let found = self.rows("naming what goes out", sql, &values)?;
        found.iter().map(|row| rows::bytes(row, 0)).collect()
    }

    pub fn waiting_outs(&self) -> Found<Vec<Waits>> {
        self.spill()?;
        let sql = "
            SELECT via, count(*), min(at)
            FROM outbox
            GROUP BY via
            ORDER BY via NULLS FIRST";
        let found = self.rows("counting what goes out", sql, &[])?;
        let waits = |row: &Row| {
            let via = rows::value::<Option<&[u8]>>(row, 0)?.map(rows::public).transpose()?;
            let since = Moment(rows::value(row, 2)?);
            Ok(Waits { via, count: rows::number(row, 1)?, since })
        };
        found.iter().map(waits).collect()
    }

    pub fn all_peers(&self) -> Found<Vec<(PublicKey, String)>> {
        self.spill()?;
        let sql = "
            SELECT key, body
            FROM peer
            ORDER BY key";
        let found = self.rows("reading other servers", sql, &[])?;
        let peer = |row: &Row| Ok((PublicKey(rows::bytes(row, 0)?), rows::value(row, 1)?));
        found.iter().map(peer).collect()
    }

    pub fn peer_of(&self, key: PublicKey) -> Found<Option<String>> {
        if let Some(body) = self.pending.borrow().peers.get(&key.0) {
            return Ok(body.clone());
        }
        let sql = "
            SELECT body
            FROM peer
            WHERE key = $1";
        let found = self.rows("reading another server", sql, &[&&key.0[..]])?;
        found.first().map(|row| rows::value(row, 0)).transpose()
    }

    pub fn all_releases(&self) -> Found<Vec<(String, String)>> {
        self.spill()?;
        let sql = "
            SELECT name, body
            FROM release
            ORDER BY name COLLATE \"C\"";
        let found = self.rows("reading the releases", sql, &[])?;
        found.iter().map(|row| Ok((rows::value(row, 0)?, rows::value(row, 1)?))).collect()
    }

    pub fn program_of(&self, org: AgencyId, dev: DeviceId) -> Found<Option<String>> {
        if let Some(body) = self.pending.borrow().programs.get(&(org, dev)) {
            return Ok(Some(body.clone()));
        }
        let sql = "
            SELECT body
            FROM program
            WHERE org = $1 AND dev = $2";
        let found = self.rows("reading what a PC runs", sql, &[&&org.0[..], &&dev.0[..]])?;
        found.first().map(|row| rows::value(row, 0)).transpose()
    }

    pub fn all_programs(&self) -> Found<Vec<(AgencyId, DeviceId, String)>> {
        self.spill()?;
        let sql = "
            SELECT org, dev, body
            FROM program
            ORDER BY org, dev";
        let found = self.rows("reading what PCs run", sql, &[])?;
        let program = |row: &Row| {
            let (org, dev) = (AgencyId(rows::bytes(row, 0)?), DeviceId(rows::bytes(row, 1)?));
            Ok((org, dev, rows::value(row, 2)?))
        };
        found.iter().map(program).collect()
    }

    pub fn all_homes(&self) -> Found<Vec<Home>> {
        self.spill()?;
        let sql = "
            SELECT org, peer, at, stands
            FROM home
            ORDER BY org, peer";
        self.rows("reading where agencies live", sql, &[])?.iter().map(home).collect()
    }

    pub fn all_homes_of(&self, org: AgencyId) -> Found<Vec<Home>> {
        let sql = "
            SELECT org, peer, at, stands
            FROM home
            WHERE org = $1
            ORDER BY peer";
        let found = self.rows("reading where an agency lives", sql, &[&&org.0[..]])?;
        let found = found.iter().map(home).collect::<Found<Vec<Home>>>()?;
        let mut all: BTreeMap<_, _> =
            found.into_iter().map(|home| ((home.org, home.peer.0), home)).collect();
        for (at, written) in self.pending.borrow().homes.range((org, [0; 32])..=(org, [255; 32])) {
            match written {
                Some(home) => all.insert(*at, *home),
                None => all.remove(at),
            };
        }
        Ok(all.into_values().collect())
    }

    pub fn outs_about(&self, from: AgencyId, parcel: ParcelId) -> Found<Vec<Out>> {
        let sql = "
            SELECT id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via
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
