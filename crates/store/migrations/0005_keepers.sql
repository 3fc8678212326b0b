-- 0005_keepers.sql
-- What officers of this PC state of the directory, and what all who keep it stated. Older programs
-- may: read.

-- Signed here. nth = the order in which it is said; became = the server's answer as JSON, none
-- while it waits.
CREATE TABLE statement (
    nth    INTEGER NOT NULL PRIMARY KEY,
    id     BLOB NOT NULL UNIQUE,
    raw    TEXT NOT NULL,
    sig    BLOB NOT NULL,
    became TEXT
) STRICT;

-- As the server tells it, by its place there. about = the agency that is listed.
CREATE TABLE stated (
    nth   INTEGER NOT NULL PRIMARY KEY,
    about BLOB NOT NULL,
    body  TEXT NOT NULL
) STRICT;

CREATE INDEX stated_by_about ON stated (about, nth);
