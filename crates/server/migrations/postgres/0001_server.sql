-- 0001_server.sql
-- The logs of all agencies of one or more servers, and what follows from them. Older programs may:
-- not open it.

-- One agency a row: the end of its log, and the life of the server it belongs to. head0 = the head
-- when this life began; durable = the last entry known to be in a copy on another machine;
-- stamp = set anew by every transaction that changes anything of the agency. Whoever writes for
-- the agency holds this row locked.
CREATE TABLE org (
    id      BYTEA NOT NULL PRIMARY KEY,
    head    BIGINT NOT NULL,
    hash    BYTEA NOT NULL,
    epoch   BIGINT NOT NULL,
    head0   BIGINT NOT NULL,
    durable BIGINT NOT NULL,
    stamp   BYTEA NOT NULL
) WITH (fillfactor = 50);

-- The log. at = when the server took it in; eff = what it said, as the text in the chain;
-- aud = the circles that may read it. Never changed, never deleted.
CREATE TABLE entry (
    org   BYTEA NOT NULL,
    seq   BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    dev   BYTEA NOT NULL,
    n     BIGINT NOT NULL,
    id    BYTEA NOT NULL,
    actor BYTEA NOT NULL,
    raw   BYTEA NOT NULL,
    sig   BYTEA NOT NULL,
    eff   TEXT NOT NULL,
    aud   TEXT NOT NULL,
    hash  BYTEA NOT NULL,
    PRIMARY KEY (org, seq),
    UNIQUE (org, dev, n),
    UNIQUE (org, id)
) PARTITION BY HASH (org);

-- Every state as it stands. key = tag and 16 bytes of id; ver = the last entry that touched it;
-- aud = the circles that may see it, aud_ever = those that ever might.
CREATE TABLE state (
    org      BYTEA NOT NULL,
    key      BYTEA NOT NULL,
    ver      BIGINT NOT NULL,
    body     TEXT NOT NULL,
    aud      TEXT NOT NULL,
    aud_ever TEXT NOT NULL,
    PRIMARY KEY (org, key)
) PARTITION BY HASH (org);

CREATE INDEX state_by_ver ON state (org, ver, key);

-- Which entries touched a thing, and what its history tells of them.
CREATE TABLE touched (
    org   BYTEA NOT NULL,
    key   BYTEA NOT NULL,
    seq   BIGINT NOT NULL,
    trail TEXT NOT NULL,
    PRIMARY KEY (org, key, seq)
) PARTITION BY HASH (org);

DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format(
            'CREATE TABLE entry_%s PARTITION OF entry
             FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
        EXECUTE format(
            'CREATE TABLE state_%s PARTITION OF state
             FOR VALUES WITH (MODULUS 16, REMAINDER %s) WITH (fillfactor = 80)', part, part);
        EXECUTE format(
            'CREATE TABLE touched_%s PARTITION OF touched
             FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
    END LOOP;
END
$$;

-- Numbers of books, rendered references by year, and documents that wait for a number. text =
-- bytes: a reference may hold what the database allows in no text.
CREATE TABLE number (
    org  BYTEA NOT NULL,
    book BYTEA NOT NULL,
    year SMALLINT NOT NULL,
    no   BIGINT NOT NULL,
    key  BYTEA NOT NULL,
    PRIMARY KEY (org, book, year, no)
);

CREATE TABLE reference (
    org  BYTEA NOT NULL,
    year SMALLINT NOT NULL,
    text BYTEA NOT NULL,
    key  BYTEA NOT NULL,
    PRIMARY KEY (org, year, text)
);

CREATE TABLE waiting (
    org  BYTEA NOT NULL,
    book BYTEA NOT NULL,
    at   BIGINT NOT NULL,
    key  BYTEA NOT NULL,
    PRIMARY KEY (org, book, at, key)
);

-- Which thing names a file, by a command of which PC, signed or carried. proven = once that PC has
-- sent all of its bytes, or whoever signed could read them already: only then does the thing open
-- the file to those who see it.
CREATE TABLE blob_use (
    org    BYTEA NOT NULL,
    blob   BYTEA NOT NULL,
    key    BYTEA NOT NULL,
    dev    BYTEA NOT NULL,
    proven BOOLEAN NOT NULL,
    PRIMARY KEY (org, blob, key, dev)
);

-- Public keys of officers by PC. A key that came with an adopted agency is pending, with the name
-- of its PC as bytes, until its officer stands in the log.
CREATE TABLE device_key (
    org     BYTEA NOT NULL,
    dev     BYTEA NOT NULL,
    officer BYTEA NOT NULL,
    public  BYTEA NOT NULL,
    pending BYTEA,
    PRIMARY KEY (org, dev, officer, public)
);

CREATE INDEX device_key_pending ON device_key (org, officer) WHERE pending IS NOT NULL;

-- Sessions and codes: only the hash is kept of what opens a door.
CREATE TABLE token (
    hash    BYTEA NOT NULL PRIMARY KEY,
    org     BYTEA NOT NULL,
    dev     BYTEA NOT NULL,
    officer BYTEA NOT NULL,
    until   BIGINT NOT NULL
);

CREATE INDEX token_by_until ON token (until);

-- A code lets one PC in: for an officer of an agency, or, with neither, for an agency that is
-- adopted. used = what it let in, so that the same call made again gets the same answer.
CREATE TABLE code (
    hash    BYTEA NOT NULL PRIMARY KEY,
    org     BYTEA,
    officer BYTEA,
    until   BIGINT NOT NULL,
    used    BYTEA
);
