-- 0004_keepers.sql
-- Who keeps the directory, as 0005_keepers.sql has it for SQLite. Older programs may: not open it.
CREATE TABLE keeper (
    org BYTEA NOT NULL PRIMARY KEY,
    at  BIGINT NOT NULL
);

-- Signed statements of keepers that were taken, in their order.
CREATE TABLE statement (
    nth   BIGINT NOT NULL PRIMARY KEY,
    id    BYTEA NOT NULL UNIQUE,
    about BYTEA NOT NULL,
    body  TEXT NOT NULL
);

CREATE INDEX statement_by_about ON statement (about, nth);
