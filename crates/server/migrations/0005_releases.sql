-- 0005_releases.sql
-- Releases of the program that PCs get from here. Older programs may: not open it.

-- One release a row, by version and platform. body = what its publisher signed, whom it is for and
-- whether it was withdrawn, as JSON. Its files are among the files of the server.
CREATE TABLE release (
    name TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What each PC runs, as it said last, as JSON.
CREATE TABLE program (
    org  BLOB NOT NULL,
    dev  BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, dev)
) STRICT, WITHOUT ROWID;
