-- 0003_post.sql
-- What goes from one agency to another. Older programs may: not open it.

-- Matters on their way, each written with the entry that caused it and gone once the other agency's
-- log knows it. rank = what is urgent goes first; deliver = 1 for the document itself, which comes
-- before whatever else is said of its parcel; due = not before; body = the matter as JSON.
CREATE TABLE outbox (
    id       BLOB NOT NULL PRIMARY KEY,
    from_org BLOB NOT NULL,
    to_org   BLOB NOT NULL,
    parcel   BLOB NOT NULL,
    rank     INTEGER NOT NULL,
    deliver  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    due      INTEGER NOT NULL,
    tries    INTEGER NOT NULL,
    body     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_by_due ON outbox (due);
CREATE INDEX outbox_by_parcel ON outbox (from_org, parcel);

-- What has arrived at an agency and that no PC of it has read yet, by its entry.
CREATE TABLE unfetched (
    org    BLOB NOT NULL,
    seq    INTEGER NOT NULL,
    parcel BLOB NOT NULL,
    PRIMARY KEY (org, seq, parcel)
) STRICT, WITHOUT ROWID;

-- The directory of agencies, of this server and of those it knows. ver = counts every change.
CREATE TABLE listed (
    id   BLOB NOT NULL PRIMARY KEY,
    ver  INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX listed_by_ver ON listed (ver);
