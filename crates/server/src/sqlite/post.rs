//! What goes between agencies in SQLite, and the other servers it goes to, each beside its SQL.
use rusqlite::Row;

use register::{AgencyId, DeviceId, Moment, ParcelId, PublicKey};

use super::Tx;
use crate::storage::{Found, Home, Out, Waits, Whither};

fn out(row: &Row<'_>) -> rusqlite::Result<Out> {
    Ok(Out {
        id: row.get(0)?,
        from: AgencyId(row.get(1)?),
        to: AgencyId(row.get(2)?),
        parcel: ParcelId(row.get(3)?),
        rank: row.get(4)?,
        deliver: row.get(5)?,
        at: Moment(row.get(6)?),
        due: Moment(row.get(7)?),
        tries: row.get(8)?,
        body: row.get(9)?,
        via: row.get::<_, Option<[u8; 32]>>(10)?.map(PublicKey),
    })
}

fn home(row: &Row<'_>) -> rusqlite::Result<Home> {
    Ok(Home {
        org: AgencyId(row.get(0)?),
        peer: PublicKey(row.get(1)?),
        at: Moment(row.get(2)?),
        stands: row.get(3)?,
    })
}

impl Tx<'_> {
    pub fn outs_due(&self, whither: Whither, (due, limit): (Moment, u32)) -> Found<Vec<Out>> {
        let doing = "reading what goes out";
        match whither {
            Whither::Anywhere => {
                let sql = "
                    SELECT id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via
                    FROM outbox
                    WHERE due <= ?1
                    ORDER BY rank, due, at, id
                    LIMIT ?2";
                self.all(doing, sql, (due.0, limit), out)
            }
            Whither::Here | Whither::Peer(_) => {
                // The sign keeps the index by time out of it: they are read in the order in which
                // they go, and the first are enough.
                let sql = "
                    SELECT id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via
                    FROM outbox
                    WHERE via IS ?3 AND +due <= ?1
                    ORDER BY rank, due, at, id
                    LIMIT ?2";
                self.all(doing, sql, (due.0, limit, via_of(whither)), out)
            }
        }
    }

    pub fn first_out(&self, whither: Whither) -> Found<Option<Moment>> {
        let doing = "looking for what goes out";
        let due = match whither {
            Whither::Anywhere => {
                let sql = "
                    SELECT min(due)
                    FROM outbox";
                self.one(doing, sql, [], |row| row.get(0))?
            }
            Whither::Here | Whither::Peer(_) => {
                let sql = "
                    SELECT min(due)
                    FROM outbox
                    WHERE via IS ?1";
                self.one(doing, sql, [via_of(whither)], |row| row.get(0))?
            }
        };
        Ok(due.flatten().map(Moment))
    }

    pub fn out_named(&self, id: &[u8; 16]) -> Found<Option<Out>> {
        let sql = "
            SELECT id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via
            FROM outbox
            WHERE id = ?1";
        self.one("reading what goes out by its name", sql, [id], out)
    }

    pub fn outs_about(&self, from: AgencyId, parcel: ParcelId) -> Found<Vec<Out>> {
        let sql = "
            SELECT id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via
            FROM outbox
            WHERE from_org = ?1 AND parcel = ?2
            ORDER BY at, id";
        self.all("reading what goes out of a parcel", sql, (from.0, parcel.0), out)
    }

    pub fn names_of_outs(&self, via: PublicKey, limit: u32) -> Found<Vec<[u8; 16]>> {
        let sql = "
            SELECT id
            FROM outbox
            WHERE via = ?1
            ORDER BY deliver DESC, rank, at, id
            LIMIT ?2";
        self.all("naming what goes out", sql, (via.0, limit), |row| row.get(0))
    }

    pub fn waiting_outs(&self) -> Found<Vec<Waits>> {
        let sql = "
            SELECT via, count(*), min(at)
            FROM outbox
            GROUP BY via
            ORDER BY via";
        self.all("counting what goes out", sql, [], |row| {
            let via = row.get::<_, Option<[u8; 32]>>(0)?.map(PublicKey);
            Ok(Waits { via, count: row.get(1)?, since: Moment(row.get(2)?) })
        })
    }

    pub fn all_peers(&self) -> Found<Vec<(PublicKey, String)>> {
        let sql = "
            SELECT key, body
            FROM peer
            ORDER BY key";
        self.all("reading other servers", sql, [], |row| Ok((PublicKey(row.get(0)?), row.get(1)?)))
    }

    pub fn peer_of(&self, key: PublicKey) -> Found<Option<String>> {
        let sql = "
            SELECT body
            FROM peer
            WHERE key = ?1";
        self.one("reading another server", sql, [key.0], |row| row.get(0))
    }

    pub fn all_releases(&self) -> Found<Vec<(String, String)>> {
        let sql = "
            SELECT name, body
            FROM release
            ORDER BY name";
        self.all("reading the releases", sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    pub fn program_of(&self, org: AgencyId, dev: DeviceId) -> Found<Option<String>> {
        let sql = "
            SELECT body
            FROM program
            WHERE org = ?1 AND dev = ?2";
        self.one("reading what a PC runs", sql, (org.0, dev.0), |row| row.get(0))
    }

    pub fn all_programs(&self) -> Found<Vec<(AgencyId, DeviceId, String)>> {
        let sql = "
            SELECT org, dev, body
            FROM program
            ORDER BY org, dev";
        self.all("reading what PCs run", sql, [], |row| {
            Ok((AgencyId(row.get(0)?), DeviceId(row.get(1)?), row.get(2)?))
        })
    }

    pub fn all_homes(&self) -> Found<Vec<Home>> {
        let sql = "
            SELECT org, peer, at, stands
            FROM home
            ORDER BY org, peer";
        self.all("reading where agencies live", sql, [], home)
    }

    pub fn all_homes_of(&self, org: AgencyId) -> Found<Vec<Home>> {
        let sql = "
            SELECT org, peer, at, stands
            FROM home
            WHERE org = ?1
            ORDER BY peer";
        self.all("reading where an agency lives", sql, [org.0], home)
    }
}

fn via_of(whither: Whither) -> Option<[u8; 32]> {
    match whither {
        Whither::Peer(key) => Some(key.0),
        Whither::Here | Whither::Anywhere => None,
    }
}
