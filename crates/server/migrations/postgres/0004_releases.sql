-- 0004_releases.sql
-- Releases of the program, as 0005_releases.sql has them for SQLite. Older programs may: not open
-- it.
CREATE TABLE release (
    name TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);

-- What each PC runs, as it said last, as JSON.
CREATE TABLE program (
    org  BYTEA NOT NULL,
    dev  BYTEA NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, dev)
);
