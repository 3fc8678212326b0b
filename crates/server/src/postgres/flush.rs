//! What jobs wrote goes to the database: one statement a table, all on their way together.
use tokio_postgres::types::ToSql;

use register::Key;

use super::known::Stamp;
use super::line::Step;
use super::pending::{Pending, Whose};
use super::rows::kept;
use super::tx::Tx;
use crate::states::key_bytes;
use crate::storage::{Behind, Found, Proof};

type Column<'p> = Box<dyn ToSql + Sync + 'p>;

/// One statement with its columns.
struct Sent<'p> {
    sql: &'static str,
    columns: Vec<Column<'p>>,
}

/// Adds a statement with the columns of its rows, unless it has none.
macro_rules! add {
    ($sent:ident, $sql:ident, $rows:expr,
     |$row:pat_param| { $($column:ident = $value:expr),+ $(,)? }) => {{
        $(let mut $column = Vec::new();)+
        let mut rows = 0;
        for $row in $rows {
            $($column.push($value);)+
            rows += 1;
        }
        if rows > 0 {
            let columns: Vec<Column<'_>> = vec![$(Box::new($column)),+];
            $sent.push(Sent { sql: $sql, columns });
        }
    }};
}

impl Tx<'_> {
    /// Sends what is written, and the word that ends the transaction with it. Tells the stamp that
    /// agencies have now, if any changed.
    pub fn flush(
        &self,
        pending: &Pending,
        whose: Whose,
        end: Option<&'static str>,
    ) -> Found<Option<Stamp>> {
        let changed = !pending.changed.of(whose).is_empty();
        let stamp = changed.then(|| self.shelf.stamp());
        let mut sent = Vec::new();
        if let Some(stamp) = &stamp {
            orgs(pending, whose, stamp, &mut sent)?;
            entries(pending, whose, &mut sent)?;
            states(pending, whose, &mut sent)?;
            numbers(pending, whose, &mut sent);
            references(pending, whose, &mut sent);
            waiting(pending, whose, &mut sent);
            files_and_keys(pending, whose, &mut sent);
        }
        doors(pending, whose, &mut sent);
        hurries(pending, whose, &mut sent);
        post(pending, whose, &mut sent)?;
        directory(pending, whose, &mut sent);
        stated(pending, whose, &mut sent)?;
        peers(pending, whose, &mut sent);
        releases(pending, whose, &mut sent);
        let values: Vec<Vec<&(dyn ToSql + Sync)>> =
            sent.iter().map(|one| one.columns.iter().map(|column| &**column).collect()).collect();
        let planned = sent.iter().zip(&values);
        let mut steps: Vec<Step<'_>> =
            planned.map(|(one, values)| Step::Planned(one.sql, values)).collect();
        steps.extend(end.map(Step::Plain));
        if !steps.is_empty() {
            self.line.run("keeping a group", &steps)?;
        }
        Ok(stamp)
    }
}

fn stored_key(key: Key) -> Vec<u8> {
    key_bytes(key).to_vec()
}

fn orgs<'p>(
    pending: &'p Pending,
    whose: Whose,
    stamp: &'p Stamp,
    sent: &mut Vec<Sent<'p>>,
) -> Found<()> {
    let sql = "
        INSERT INTO org (id, head, hash, epoch, head0, durable, stamp)
        SELECT *
        FROM unnest(
            $1::BYTEA[], $2::BIGINT[], $3::BYTEA[], $4::BIGINT[], $5::BIGINT[], $6::BIGINT[],
            $7::BYTEA[])
        ON CONFLICT (id) DO UPDATE
        SET head = excluded.head, hash = excluded.hash, epoch = excluded.epoch,
            head0 = excluded.head0, durable = excluded.durable, stamp = excluded.stamp";
    let put = pending.orgs.of(whose);
    add!(sent, sql, put.values(), |org| {
        id = &org.id.0[..],
        head = kept(org.head)?,
        hash = &org.hash[..],
        epoch = i64::from(org.epoch),
        head0 = kept(org.head0)?,
        durable = kept(org.durable)?,
        stamps = &stamp[..],
    });
    let sql = "
        UPDATE org
        SET stamp = changed.stamp
        FROM unnest($1::BYTEA[], $2::BYTEA[]) AS changed (id, stamp)
        WHERE org.id = changed.id";
    let others = pending.changed.of(whose).keys().filter(|org| !put.contains_key(org));
    add!(sent, sql, others, |org| { id = &org.0[..], stamps = &stamp[..] });
    Ok(())
}

fn entries<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) -> Found<()> {
    let sql = "
        INSERT INTO entry (org, seq, at, dev, n, id, actor, raw, sig, eff, aud, hash)
        SELECT *
        FROM unnest(
            $1::BYTEA[], $2::BIGINT[], $3::BIGINT[], $4::BYTEA[], $5::BIGINT[], $6::BYTEA[],
            $7::BYTEA[], $8::BYTEA[], $9::BYTEA[], $10::TEXT[], $11::TEXT[], $12::BYTEA[])";
    add!(sent, sql, pending.entries.of(whose), |((of, _), entry)| {
        org = &of.0[..],
        seq = kept(entry.seq)?,
        at = entry.at.0,
        dev = &entry.dev.0[..],
        n = kept(entry.n)?,
        id = &entry.id.0[..],
        actor = &entry.actor.0[..],
        raw = &entry.envelope.raw[..],
        sig = &entry.envelope.sig[..],
        eff = entry.eff.as_str(),
        aud = entry.aud.as_str(),
        hash = &entry.hash[..],
    });
    let sql = "
        INSERT INTO touched (org, key, seq, trail)
        SELECT *
        FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BIGINT[], $4::TEXT[])
        ON CONFLICT (org, key, seq) DO NOTHING";
    add!(sent, sql, pending.touched.of(whose), |((of, key, seq), trail)| {
        org = &of.0[..],
        keys = stored_key(*key),
        seqs = kept(*seq)?,
        trails = trail.as_str(),
    });
    Ok(())
}

fn states<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) -> Found<()> {
    let sql = "
        INSERT INTO state (org, key, ver, body, aud, aud_ever)
        SELECT *
        FROM unnest(
            $1::BYTEA[], $2::BYTEA[], $3::BIGINT[], $4::TEXT[], $5::TEXT[], $6::TEXT[])
        ON CONFLICT (org, key) DO UPDATE
        SET ver = excluded.ver, body = excluded.body, aud = excluded.aud,
            aud_ever = excluded.aud_ever";
    add!(sent, sql, pending.states.of(whose), |((of, key), state)| {
        org = &of.0[..],
        keys = stored_key(*key),
        ver = kept(state.ver)?,
        body = state.body.as_str(),
        aud = state.aud.as_str(),
        aud_ever = state.aud_ever.as_str(),
    });
    Ok(())
}

/// What is taken out goes before what is put in: another one may have come to its place.
fn numbers<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) {
    let rows = pending.numbers.of(whose);
    let sql = "
        DELETE FROM number
        USING unnest($1::BYTEA[], $2::BYTEA[], $3::SMALLINT[], $4::BIGINT[])
            AS gone (org, book, year, no)
        WHERE number.org = gone.org AND number.book = gone.book AND number.year = gone.year
            AND number.no = gone.no";
    let gone = rows.iter().filter(|(_, key)| key.is_none());
    add!(sent, sql, gone, |((of, book, year, no), _)| {
        org = &of.0[..],
        books = &book.0[..],
        years = *year,
        nos = i64::from(*no),
    });
    let sql = "
        INSERT INTO number (org, book, year, no, key)
        SELECT *
        FROM unnest($1::BYTEA[], $2::BYTEA[], $3::SMALLINT[], $4::BIGINT[], $5::BYTEA[])
        ON CONFLICT (org, book, year, no) DO UPDATE
        SET key = excluded.key";
    let come = rows.iter().filter_map(|(number, key)| Some((number, (*key)?)));
    add!(sent, sql, come, |((of, book, year, no), key)| {
        org = &of.0[..],
        books = &book.0[..],
        years = *year,
        nos = i64::from(*no),
        keys = stored_key(key),
    });
}

fn references<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) {
    let rows = pending.references.of(whose);
    let sql = "
        DELETE FROM reference
        USING unnest($1::BYTEA[], $2::SMALLINT[], $3::BYTEA[]) AS gone (org, year, text)
        WHERE reference.org = gone.org AND reference.year = gone.year
            AND reference.text = gone.text";
    let gone = rows.iter().filter(|(_, key)| key.is_none());
    add!(sent, sql, gone, |((of, year, text), _)| {
        org = &of.0[..],
        years = *year,
        texts = text.as_bytes(),
    });
    let sql = "
        INSERT INTO reference (org, year, text, key)
        SELECT *
        FROM unnest($1::BYTEA[], $2::SMALLINT[], $3::BYTEA[], $4::BYTEA[])
        ON CONFLICT (org, year, text) DO UPDATE
        SET key = excluded.key";
    let come = rows.iter().filter_map(|(reference, key)| Some((reference, (*key)?)));
    add!(sent, sql, come, |((of, year, text), key)| {
        org = &of.0[..],
        years = *year,
        texts = text.as_bytes(),
        keys = stored_key(key),
    });
}

fn waiting<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) {
    let rows = pending.waiting.of(whose);
    let sql = "
        DELETE FROM waiting
        USING unnest($1::BYTEA[], $2::BYTEA[], $3::BIGINT[], $4::BYTEA[])
            AS gone (org, book, at, key)
        WHERE waiting.org = gone.org AND waiting.book = gone.book AND waiting.at = gone.at
            AND waiting.key = gone.key";
    let gone = rows.iter().filter(|(_, waits)| !**waits);
    add!(sent, sql, gone, |((of, book, at, key), _)| {
        org = &of.0[..],
        books = &book.0[..],
        ats = at.0,
        keys = stored_key(*key),
    });
    let sql = "
        INSERT INTO waiting (org, book, at, key)
        SELECT *
        FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BIGINT[], $4::BYTEA[])
        ON CONFLICT (org, book, at, key) DO NOTHING";
    let come = rows.iter().filter(|(_, waits)| **waits);
    add!(sent, sql, come, |((of, book, at, key), _)| {
        org = &of.0[..],
        books = &book.0[..],
        ats = at.0,
        keys = stored_key(*key),
    });
}

fn files_and_keys<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) {
    let sql = "
        INSERT INTO blob_use (org, blob, key, dev, proven)
        SELECT *
        FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BYTEA[], $4::BYTEA[], $5::BOOLEAN[])
        ON CONFLICT (org, blob, key, dev) DO UPDATE
        SET proven = blob_use.proven OR excluded.proven";
    add!(sent, sql, pending.blob_uses.of(whose), |((of, blob, key, dev), proof)| {
        org = &of.0[..],
        blobs = &blob.0[..],
        keys = stored_key(*key),
        devs = &dev.0[..],
        proven = *proof == Proof::Proven,
    });
    let sql = "
        INSERT INTO device_key (org, dev, officer, public, pending)
        SELECT *
        FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BYTEA[], $4::BYTEA[], $5::BYTEA[])
        ON CONFLICT (org, dev, officer, public) DO UPDATE
        SET pending = excluded.pending";
    add!(sent, sql, pending.keys.of(whose), |((of, dev, officer, public), name)| {
        org = &of.0[..],
        devs = &dev.0[..],
        officers = &officer.0[..],
        publics = &public[..],
        names = name.as_ref().map(|name| name.as_bytes()),
    });
}

/// Sessions and codes.
fn doors<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) {
    // Another writer may be forgetting the same ones: they are left to it.
    let sql = "
        DELETE FROM token
        WHERE hash IN (
            SELECT hash
            FROM token
            WHERE until < ANY($1::BIGINT[])
            FOR UPDATE SKIP LOCKED)";
    add!(sent, sql, pending.ended.of(whose).values(), |before| { befores = before.0 });
    let sql = "
        INSERT INTO token (hash, org, dev, officer, until)
        SELECT *
        FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BYTEA[], $4::BYTEA[], $5::BIGINT[])";
    add!(sent, sql, pending.sessions.of(whose), |(hash, session)| {
        hashes = &hash[..],
        org = &session.org.0[..],
        devs = &session.dev.0[..],
        officers = &session.officer.0[..],
        untils = session.until.0,
    });
    let sql = "
        INSERT INTO code (hash, org, officer, until, used)
        SELECT *
        FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BYTEA[], $4::BIGINT[], $5::BYTEA[])
        ON CONFLICT (hash) DO UPDATE
        SET until = excluded.until, used = excluded.used";
    add!(sent, sql, pending.codes.of(whose), |(hash, code)| {
        hashes = &hash[..],
        org = code.of.as_ref().map(|(org, _)| &org.0[..]),
        officers = code.of.as_ref().map(|(_, officer)| &officer.0[..]),
        untils = code.until.0,
        used = code.used.as_ref().map(|used| &used[..]),
    });
}

/// What waited goes now, before new matters come.
fn hurries<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) {
    let hurried = pending.hurried.of(whose);
    let sql = "
        UPDATE outbox
        SET due = hurried.due
        FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BIGINT[]) AS hurried (org, parcel, due)
        WHERE outbox.from_org = hurried.org AND outbox.parcel = hurried.parcel
            AND outbox.due > hurried.due";
    let of_parcels = hurried.iter().filter_map(|((org, behind), due)| match behind {
        Behind::Parcel(parcel) => Some((org, parcel, due)),
        Behind::Files => None,
    });
    add!(sent, sql, of_parcels, |(org, parcel, due)| {
        orgs = &org.0[..],
        parcels = &parcel.0[..],
        dues = due.0,
    });
    let sql = "
        UPDATE outbox
        SET due = hurried.due
        FROM unnest($1::BYTEA[], $2::BIGINT[]) AS hurried (org, due)
        WHERE outbox.from_org = hurried.org AND outbox.deliver AND outbox.due > hurried.due";
    let of_files = hurried.iter().filter(|((_, behind), _)| *behind == Behind::Files);
    add!(sent, sql, of_files, |((org, _), due)| { orgs = &org.0[..], dues = due.0 });
}

/// What goes between agencies.
fn post<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) -> Found<()> {
    let sql = "
        DELETE FROM outbox
        WHERE id = ANY($1::BYTEA[])";
    let rows = pending.outs.of(whose);
    let gone = rows.iter().filter(|(_, out)| out.is_none());
    add!(sent, sql, gone, |(id, _)| { ids = &id[..] });
    let sql = "
        INSERT INTO outbox
            (id, from_org, to_org, parcel, rank, deliver, at, due, tries, body, via)
        SELECT *
        FROM unnest(
            $1::BYTEA[], $2::BYTEA[], $3::BYTEA[], $4::BYTEA[], $5::SMALLINT[], $6::BOOLEAN[],
            $7::BIGINT[], $8::BIGINT[], $9::BIGINT[], $10::TEXT[], $11::BYTEA[])
        ON CONFLICT (id) DO UPDATE
        SET due = excluded.due, tries = excluded.tries, via = excluded.via";
    add!(sent, sql, rows.values().flatten(), |out| {
        ids = &out.id[..],
        froms = &out.from.0[..],
        tos = &out.to.0[..],
        parcels = &out.parcel.0[..],
        ranks = i16::from(out.rank),
        delivers = out.deliver,
        ats = out.at.0,
        dues = out.due.0,
        tries = i64::from(out.tries),
        bodies = out.body.as_str(),
        vias = out.via.as_ref().map(|via| &via.0[..]),
    });
    let rows = pending.unfetched.of(whose);
    let sql = "
        DELETE FROM unfetched
        USING unnest($1::BYTEA[], $2::BIGINT[], $3::BYTEA[]) AS gone (org, seq, parcel)
        WHERE unfetched.org = gone.org AND unfetched.seq = gone.seq
            AND unfetched.parcel = gone.parcel";
    let gone = rows.iter().filter(|(_, there)| !**there);
    add!(sent, sql, gone, |((org, seq, parcel), _)| {
        orgs = &org.0[..],
        seqs = kept(*seq)?,
        parcels = &parcel.0[..],
    });
    let sql = "
        INSERT INTO unfetched (org, seq, parcel)
        SELECT *
        FROM unnest($1::BYTEA[], $2::BIGINT[], $3::BYTEA[])
        ON CONFLICT DO NOTHING";
    let come = rows.iter().filter(|(_, there)| **there);
    add!(sent, sql, come, |((org, seq, parcel), _)| {
        orgs = &org.0[..],
        seqs = kept(*seq)?,
        parcels = &parcel.0[..],
    });
    Ok(())
}

/// Who changes the directory holds its order until the end: a version is seen only when all before
/// it are.
fn directory<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) {
    let sql = "
        WITH come AS (
            SELECT id, body, row_number() OVER (ORDER BY id) AS nth
            FROM unnest($1::BYTEA[], $2::TEXT[]) AS come (id, body)),
        turn AS (
            UPDATE listed_order
            SET ver = ver + (SELECT count(*) FROM come)
            RETURNING ver)
        INSERT INTO listed (id, ver, body)
        SELECT come.id, turn.ver - (SELECT count(*) FROM come) + come.nth, come.body
        FROM come, turn
        ON CONFLICT (id) DO UPDATE
        SET ver = excluded.ver, body = excluded.body";
    add!(sent, sql, pending.listed.of(whose), |(id, body)| {
        ids = &id.0[..],
        bodies = body.as_str(),
    });
}

/// Who keeps the directory, and what was stated.
fn stated<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) -> Found<()> {
    let rows = pending.keepers.of(whose);
    let sql = "
        DELETE FROM keeper
        WHERE org = ANY($1::BYTEA[])";
    let gone = rows.iter().filter(|(_, since)| since.is_none());
    add!(sent, sql, gone, |(org, _)| { orgs = &org.0[..] });
    let sql = "
        INSERT INTO keeper (org, at)
        SELECT *
        FROM unnest($1::BYTEA[], $2::BIGINT[])
        ON CONFLICT DO NOTHING";
    let come = rows.iter().filter_map(|(org, since)| Some((org, (*since)?)));
    add!(sent, sql, come, |(org, since)| { orgs = &org.0[..], ats = since.0 });
    let sql = "
        INSERT INTO statement (nth, id, about, body)
        SELECT *
        FROM unnest($1::BIGINT[], $2::BYTEA[], $3::BYTEA[], $4::TEXT[])";
    add!(sent, sql, pending.statements.of(whose).values(), |statement| {
        nths = kept(statement.nth)?,
        ids = &statement.id.0[..],
        abouts = &statement.about.0[..],
        bodies = statement.body.as_str(),
    });
    Ok(())
}

/// Other servers, and who lives there.
fn peers<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) {
    let rows = pending.peers.of(whose);
    let sql = "
        DELETE FROM peer
        WHERE key = ANY($1::BYTEA[])";
    add!(sent, sql, rows.iter().filter(|(_, body)| body.is_none()), |(key, _)| { keys = &key[..] });
    let sql = "
        INSERT INTO peer (key, body)
        SELECT *
        FROM unnest($1::BYTEA[], $2::TEXT[])
        ON CONFLICT (key) DO UPDATE
        SET body = excluded.body";
    let come = rows.iter().filter_map(|(key, body)| Some((key, body.as_ref()?)));
    add!(sent, sql, come, |(key, body)| { keys = &key[..], bodies = body.as_str() });
    let rows = pending.homes.of(whose);
    let sql = "
        DELETE FROM home
        USING unnest($1::BYTEA[], $2::BYTEA[]) AS gone (org, peer)
        WHERE home.org = gone.org AND home.peer = gone.peer";
    let gone = rows.iter().filter(|(_, home)| home.is_none());
    add!(sent, sql, gone, |((org, peer), _)| { orgs = &org.0[..], peers = &peer[..] });
    let sql = "
        INSERT INTO home (org, peer, at, stands)
        SELECT *
        FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BIGINT[], $4::BOOLEAN[])
        ON CONFLICT (org, peer) DO UPDATE
        SET at = excluded.at, stands = excluded.stands";
    add!(sent, sql, rows.values().flatten(), |home| {
        orgs = &home.org.0[..],
        peers = &home.peer.0[..],
        ats = home.at.0,
        stands = home.stands,
    });
}

/// Releases of the program, and what PCs run.
fn releases<'p>(pending: &'p Pending, whose: Whose, sent: &mut Vec<Sent<'p>>) {
    let sql = "
        INSERT INTO release (name, body)
        SELECT *
        FROM unnest($1::TEXT[], $2::TEXT[])
        ON CONFLICT (name) DO UPDATE
        SET body = excluded.body";
    add!(sent, sql, pending.releases.of(whose), |(name, body)| {
        names = name.as_str(),
        bodies = body.as_str(),
    });
    let sql = "
        INSERT INTO program (org, dev, body)
        SELECT *
        FROM unnest($1::BYTEA[], $2::BYTEA[], $3::TEXT[])
        ON CONFLICT (org, dev) DO UPDATE
        SET body = excluded.body";
    add!(sent, sql, pending.programs.of(whose), |((org, dev), body)| {
        orgs = &org.0[..],
        devs = &dev.0[..],
        bodies = body.as_str(),
    });
}
