-- 0003_peers.sql
-- Other servers, as 0004_peers.sql has them for SQLite. Older programs may: not open it.
CREATE TABLE peer (
    key  BYTEA NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);

-- Which agency lives on which other server. at = when that was heard; stands = whether it is
-- believed, and does not only say so too.
CREATE TABLE home (
    org    BYTEA NOT NULL,
    peer   BYTEA NOT NULL,
    at     BIGINT NOT NULL,
    stands BOOLEAN NOT NULL,
    PRIMARY KEY (org, peer)
);

-- The server a matter goes to, once it is known that it goes to another one.
ALTER TABLE outbox ADD COLUMN via BYTEA;

DROP INDEX outbox_by_due;
CREATE INDEX outbox_by_via ON outbox (via, due);
