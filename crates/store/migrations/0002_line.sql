-- 0002_line.sql
-- What this PC and the log of its agency know of each other. Older programs may: not open it.

-- The server this PC belongs to; no row while the agency lives on this PC alone. standing: 1 = its
-- own log goes up first, 2 = that is up, all is read back, 3 = joined. taken = answers that changed
-- something here. epoch = the life of the server; anew: 0 = settled, 1 = it was set back from a
-- copy and is read again, 2 = what it lacks is offered; lost = how far the life before was read.
CREATE TABLE line (
    one       INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    agency    BLOB NOT NULL,
    address   TEXT NOT NULL,
    server    BLOB NOT NULL,
    standing  INTEGER NOT NULL,
    epoch     INTEGER NOT NULL,
    anew      INTEGER NOT NULL,
    read_epoch INTEGER NOT NULL,
    read_seq  INTEGER NOT NULL,
    head      INTEGER NOT NULL,
    head_hash BLOB NOT NULL,
    durable   INTEGER NOT NULL,
    met_at    INTEGER NOT NULL,
    taken     INTEGER NOT NULL
) STRICT;

-- How far each officer of this PC has read, and in which circles; from_head and below while the
-- first copy is read.
CREATE TABLE reader (
    officer   BLOB NOT NULL PRIMARY KEY,
    cursor    INTEGER NOT NULL,
    scopes    TEXT NOT NULL,
    from_head INTEGER,
    below     INTEGER
) STRICT, WITHOUT ROWID;

-- Own commands on their way to the log. stage: 0 = settled, kept until a copy elsewhere has it;
-- 1 = waits, its effect lies over what is confirmed; 2 = from before this PC had a server.
CREATE TABLE sending (
    seq   INTEGER NOT NULL PRIMARY KEY,
    stage INTEGER NOT NULL,
    entry INTEGER,
    said  TEXT,
    recorded TEXT
) STRICT;

CREATE INDEX sending_by_stage ON sending (stage, entry, seq);

-- What waiting commands made of which state, by hash.
CREATE TABLE touch (
    key  BLOB NOT NULL,
    seq  INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX touch_by_command ON touch (seq);

-- What the log confirmed of states over which waiting commands lie; without a body: nothing.
CREATE TABLE confirmed (
    key  BLOB NOT NULL PRIMARY KEY,
    ver  INTEGER NOT NULL,
    body TEXT
) STRICT, WITHOUT ROWID;

-- Books as another PC handed them over by hand.
CREATE TABLE handed (
    book BLOB NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Commands of other PCs that this one carries to the log.
CREATE TABLE carried (
    dev BLOB NOT NULL,
    n   INTEGER NOT NULL,
    raw BLOB NOT NULL,
    sig BLOB NOT NULL,
    recorded TEXT,
    PRIMARY KEY (dev, n)
) STRICT, WITHOUT ROWID;

-- Files on their way up: named by own acts, not yet whole with the server.
CREATE TABLE file_up (
    blob BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Files on their way down. lane: 1 = of urgent documents, 2 = somebody opened it, 3 = the rest;
-- day = the newest first.
CREATE TABLE file_down (
    blob BLOB NOT NULL PRIMARY KEY,
    lane INTEGER NOT NULL,
    day  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX file_down_by_lane ON file_down (lane, day DESC, blob);

-- Own commands that were refused or held, until their author lets them go.
CREATE TABLE returned (
    seq  INTEGER NOT NULL PRIMARY KEY,
    said TEXT NOT NULL
) STRICT;

-- Numbers this PC has seen in lives of the server that were lost.
CREATE TABLE witness (
    key  BLOB NOT NULL,
    year INTEGER NOT NULL,
    no   INTEGER NOT NULL,
    seen TEXT NOT NULL,
    PRIMARY KEY (key, year, no)
) STRICT, WITHOUT ROWID;

-- History as the log told it, of things somebody looked at here; upto = how far it was asked.
CREATE TABLE told (
    key  BLOB NOT NULL PRIMARY KEY,
    upto INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE told_line (
    key   BLOB NOT NULL,
    entry INTEGER NOT NULL,
    part  INTEGER NOT NULL,
    id    BLOB NOT NULL,
    actor BLOB NOT NULL,
    at    INTEGER NOT NULL,
    body  TEXT NOT NULL,
    PRIMARY KEY (key, entry, part)
) STRICT, WITHOUT ROWID;

-- Two documents may carry one number for the moment in which states of the log arrive one by one.
CREATE TABLE number_of (
    book BLOB NOT NULL,
    year INTEGER NOT NULL,
    no   INTEGER NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (book, year, no, key)
) STRICT, WITHOUT ROWID;

INSERT INTO number_of (book, year, no, key)
SELECT book, year, no, key
FROM number;

DROP TABLE number;

ALTER TABLE number_of RENAME TO number;

-- Stamped numbers that stay with a letter: 57a stands in the book behind 57.
CREATE TABLE lettered (
    book   BLOB NOT NULL,
    year   INTEGER NOT NULL,
    no     INTEGER NOT NULL,
    letter TEXT NOT NULL,
    key    BLOB NOT NULL,
    PRIMARY KEY (book, year, no, letter, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE reference_of (
    year INTEGER NOT NULL,
    text TEXT NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (year, text, key)
) STRICT, WITHOUT ROWID;

INSERT INTO reference_of (year, text, key)
SELECT year, text, key
FROM reference;

DROP TABLE reference;

ALTER TABLE reference_of RENAME TO reference;
