-- 0001_server.sql
-- The logs of all agencies of one server, and what follows from them. Older programs may: not open
-- it.

-- Which migrations made this file, with the hash of their text.
CREATE TABLE migration (
    number   INTEGER NOT NULL PRIMARY KEY,
    checksum BLOB NOT NULL
) STRICT;

-- One agency a row: the end of its log, and the life of the server it belongs to. head0 = the head
-- when this life began; durable = the last entry known to be in a copy on another machine.
CREATE TABLE org (
    id      BLOB NOT NULL PRIMARY KEY,
    head    INTEGER NOT NULL,
    hash    BLOB NOT NULL,
    epoch   INTEGER NOT NULL,
    head0   INTEGER NOT NULL,
    durable INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The log. at = when the server took it in; eff = what it said, as the text in the chain;
-- aud = the circles that may read it. Never changed, never deleted.
CREATE TABLE entry (
    org   BLOB NOT NULL,
    seq   INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    dev   BLOB NOT NULL,
    n     INTEGER NOT NULL,
    id    BLOB NOT NULL,
    actor BLOB NOT NULL,
    raw   BLOB NOT NULL,
    sig   BLOB NOT NULL,
    eff   TEXT NOT NULL,
    aud   TEXT NOT NULL,
    hash  BLOB NOT NULL,
    PRIMARY KEY (org, seq),
    UNIQUE (org, dev, n),
    UNIQUE (org, id)
) STRICT;

-- Every state as it stands. key = tag and 16 bytes of id; ver = the last entry that touched it;
-- aud = the circles that may see it, aud_ever = those that ever might.
CREATE TABLE state (
    org      BLOB NOT NULL,
    key      BLOB NOT NULL,
    ver      INTEGER NOT NULL,
    body     TEXT NOT NULL,
    aud      TEXT NOT NULL,
    aud_ever TEXT NOT NULL,
    PRIMARY KEY (org, key)
) STRICT;

CREATE INDEX state_by_ver ON state (org, ver);

-- Numbers of books, rendered references by year, and documents that wait for a number.
CREATE TABLE number (
    org  BLOB NOT NULL,
    book BLOB NOT NULL,
    year INTEGER NOT NULL,
    no   INTEGER NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (org, book, year, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE reference (
    org  BLOB NOT NULL,
    year INTEGER NOT NULL,
    text TEXT NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (org, year, text)
) STRICT, WITHOUT ROWID;

CREATE TABLE waiting (
    org  BLOB NOT NULL,
    book BLOB NOT NULL,
    at   INTEGER NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (org, book, at, key)
) STRICT, WITHOUT ROWID;

-- Public keys of officers by PC. A key that came with an adopted agency is pending, with the name
-- of its PC, until its officer stands in the log.
CREATE TABLE device_key (
    org     BLOB NOT NULL,
    dev     BLOB NOT NULL,
    officer BLOB NOT NULL,
    public  BLOB NOT NULL,
    pending TEXT,
    PRIMARY KEY (org, dev, officer, public)
) STRICT, WITHOUT ROWID;

-- Sessions and codes: only the hash is kept of what opens a door.
CREATE TABLE token (
    hash    BLOB NOT NULL PRIMARY KEY,
    org     BLOB NOT NULL,
    dev     BLOB NOT NULL,
    officer BLOB NOT NULL,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX token_by_until ON token (until);

-- A code lets one PC in: for an officer of an agency, or, with neither, for an agency that is
-- adopted. used = what it let in, so that the same call made again gets the same answer.
CREATE TABLE code (
    hash    BLOB NOT NULL PRIMARY KEY,
    org     BLOB,
    officer BLOB,
    until   INTEGER NOT NULL,
    used    BLOB
) STRICT, WITHOUT ROWID;
