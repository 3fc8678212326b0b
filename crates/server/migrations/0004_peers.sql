-- 0004_peers.sql
-- Other servers that parcels go to and come from. Older programs may: not open it.

-- One server a row, by its key. body = its name and address, and how far each knows the other, as
-- JSON.
CREATE TABLE peer (
    key  BLOB NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which agency lives on which other server. at = when that was heard; stands = 1 for the one that
-- is believed, 0 for one that says so too: the operator decides between them.
CREATE TABLE home (
    org    BLOB NOT NULL,
    peer   BLOB NOT NULL,
    at     INTEGER NOT NULL,
    stands INTEGER NOT NULL,
    PRIMARY KEY (org, peer)
) STRICT, WITHOUT ROWID;

-- The server a matter goes to, once it is known that it goes to another one.
ALTER TABLE outbox ADD COLUMN via BLOB;

DROP INDEX outbox_by_due;
CREATE INDEX outbox_by_via ON outbox (via, due);
