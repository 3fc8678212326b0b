-- 0005_keepers.sql
-- Who keeps the directory, and what they stated. Older programs may: not open it.

-- Agencies to which the operator gave it. at = since when.
CREATE TABLE keeper (
    org BLOB NOT NULL PRIMARY KEY,
    at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Signed statements of keepers that were taken, in their order. about = the agency that is listed;
-- body = who signed what and the entry it made, as JSON.
CREATE TABLE statement (
    nth   INTEGER NOT NULL PRIMARY KEY,
    id    BLOB NOT NULL UNIQUE,
    about BLOB NOT NULL,
    body  TEXT NOT NULL
) STRICT;

CREATE INDEX statement_by_about ON statement (about, nth);
