//! What goes up, and in which order: own commands and carried ones, none before what it builds on.
use register::Command;
use rusqlite::params;
use sync::wire::Pushed;
use sync::{Envelope, decode};

use crate::error::{Doing, StoreError};
use crate::line::{Carried, Outbox, recorded_from};
use crate::store::Store;
use crate::view::View;

/// Bytes of commands one call carries; the body is smaller still when it is packed.
const PUSH_BYTES_MAX: usize = 512 << 10;
/// Commands one hand-over carries: those of a holder that was weeks without a line.
pub const UNSENT_MAX: u32 = 50_000;
/// Bytes of them.
const UNSENT_BYTES_MAX: usize = 40 << 20;

type EnvelopeRow = (Envelope, Option<String>);

fn envelope_in(row: &rusqlite::Row<'_>) -> Result<EnvelopeRow, rusqlite::Error> {
    Ok((Envelope { raw: row.get(0)?, sig: row.get(1)? }, row.get(2)?))
}

/// Packs commands until there is no room for another; one always goes.
fn packed(all: Vec<EnvelopeRow>, bytes_left: &mut usize) -> Result<Vec<Pushed>, StoreError> {
    let mut pushed = Vec::with_capacity(all.len());
    for (envelope, recorded) in all {
        match bytes_left.checked_sub(envelope.raw.len()) {
            Some(left) => *bytes_left = left,
            None if pushed.is_empty() => *bytes_left = 0,
            None => break,
        }
        let one = Pushed::of(&envelope).map_err(|_| StoreError::Form { what: "command" })?;
        let before = recorded.map(|text| recorded_from(&text)).transpose()?.map(Box::new);
        pushed.push(Pushed { before, ..one });
    }
    Ok(pushed)
}

impl View<'_> {
    /// What goes up next, as much as one call carries. The server takes carried commands first: of
    /// these only what came before every own one that waits, and of the own ones only what was
    /// done before the next carried one came (SYNC R27).
    ///
    /// # Errors
    /// Faults of the file.
    pub fn outbox(&self, count: u32) -> Result<Outbox, StoreError> {
        let mut bytes = PUSH_BYTES_MAX;
        let sql = "
            SELECT raw, sig, recorded
            FROM carried
            WHERE has_gap = 0 AND behind < coalesce(
                (SELECT min(seq) FROM sending WHERE stage IN (1, 2) AND entry IS NULL),
                9223372036854775807)
            ORDER BY behind, turn, n
            LIMIT ?1";
        let mut carried = packed(self.all(sql, [count], envelope_in)?, &mut bytes)?;
        let sql = "
            SELECT behind
            FROM carried
            WHERE has_gap = 0
            ORDER BY behind, turn, n
            LIMIT 1 OFFSET ?1";
        let next: Vec<i64> = self.all(sql, [carried.len()], |row| row.get(0))?;
        let upto = next.first().copied().unwrap_or(i64::MAX);
        let left = |taken: usize| count.saturating_sub(u32::try_from(taken).unwrap_or(count));
        let sql = "
            SELECT command.raw, command.sig, sending.recorded
            FROM sending
            JOIN command ON command.seq = sending.seq
            WHERE sending.stage = ?1 AND sending.entry IS NULL AND sending.seq <= ?2
            ORDER BY sending.seq
            LIMIT ?3";
        let mut own = Vec::new();
        for stage in [2, 1] {
            let room = left(carried.len() + own.len());
            own.extend(self.all(sql, params![stage, upto, room], envelope_in)?);
        }
        let own = packed(own, &mut bytes)?;
        // Of every PC the first, then the second, so that a gap of one does not fill the call.
        let sql = "
            SELECT raw, sig, recorded
            FROM carried
            WHERE has_gap = 1
            ORDER BY row_number() OVER (PARTITION BY dev ORDER BY n), dev
            LIMIT ?1";
        let room = left(carried.len() + own.len());
        carried.extend(packed(self.all(sql, [room], envelope_in)?, &mut bytes)?);
        Ok(Outbox { own, carried })
    }

    /// All that has not reached the log, for another PC to carry, in the order in which it came to
    /// be here.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn unsent(&self) -> Result<Vec<Pushed>, StoreError> {
        let sql = "
            SELECT raw, sig, recorded
            FROM (
                SELECT command.raw, command.sig, sending.recorded, sending.seq AS at,
                    0 AS of_others, 0 AS turn, 0 AS n
                FROM sending
                JOIN command ON command.seq = sending.seq
                WHERE sending.stage IN (1, 2) AND sending.entry IS NULL
                UNION ALL
                SELECT raw, sig, recorded, behind, 1, turn, n
                FROM carried)
            ORDER BY at, of_others, turn, n
            LIMIT ?1";
        packed(self.all(sql, [UNSENT_MAX], envelope_in)?, &mut { UNSENT_BYTES_MAX })
    }
}

impl Store {
    /// Keeps commands of other PCs, to carry them to the log; own ones and known ones are left out.
    /// They are given in the order in which they came to be, and go behind all that was done here
    /// until now.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn carry(&self, commands: &[Carried]) -> Result<(), StoreError> {
        let own = self.device();
        self.batch(|batch| {
            let sql = "
                SELECT
                    (SELECT coalesce(max(seq), 0) FROM command),
                    (SELECT coalesce(max(turn), 0) FROM carried)";
            let found = batch.conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
            let (behind, turn): (i64, i64) = found.doing("looking what came before")?;
            for (one, turn) in commands.iter().filter(|one| one.dev != own).zip(turn + 1..) {
                let sql = "
                    INSERT INTO carried (dev, n, raw, sig, recorded, behind, turn)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                    ON CONFLICT (dev, n) DO UPDATE
                    SET recorded = coalesce(recorded, excluded.recorded)";
                let recorded = one.recorded.as_ref().map(serde_json::to_string).transpose();
                let recorded =
                    recorded.map_err(|source| StoreError::Body { what: "answer", source })?;
                let Envelope { raw, sig } = &one.envelope;
                let row = params![one.dev.0, one.n, raw, sig, recorded, behind, turn];
                batch.conn.execute(sql, row).doing("keeping a carried command")?;
            }
            Ok(())
        })
    }

    /// Of these carried commands, which were sent and answered, those that are still here have a
    /// gap before them: nothing waits for them any more, and they go with every call there is room
    /// in.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn wait_for_none_of(&self, sent: &[Pushed]) -> Result<(), StoreError> {
        self.batch(|batch| {
            let names = sent.iter().filter_map(|one| decode(one.raw.as_bytes()).ok());
            for Command { dev, n, .. } in names {
                let sql = "UPDATE carried SET has_gap = 1 WHERE dev = ?1 AND n = ?2";
                let left = batch.conn.execute(sql, (dev.0, n));
                left.doing("leaving a carried command behind")?;
            }
            Ok(())
        })
    }
}
