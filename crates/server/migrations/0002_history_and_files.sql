-- 0002_history_and_files.sql
-- The history of one thing, and who may have the bytes of a file. Older programs may: not open it.

-- Which entries touched a thing, and what its history tells of them. Entries that were taken in
-- before this are found by range only.
CREATE TABLE touched (
    org BLOB NOT NULL,
    key BLOB NOT NULL,
    seq INTEGER NOT NULL,
    trail TEXT NOT NULL,
    PRIMARY KEY (org, key, seq)
) STRICT, WITHOUT ROWID;

-- Which thing names a file, by a command of which PC, signed or carried. proven = 1 once that PC
-- has sent all of its bytes, or whoever signed could read them already: only then does the thing
-- open the file to those who see it.
CREATE TABLE blob_use (
    org    BLOB NOT NULL,
    blob   BLOB NOT NULL,
    key    BLOB NOT NULL,
    dev    BLOB NOT NULL,
    proven INTEGER NOT NULL,
    PRIMARY KEY (org, blob, key, dev)
) STRICT, WITHOUT ROWID;
