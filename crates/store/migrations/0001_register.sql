-- 0001_register.sql
-- The register of one agency on one PC, whole. Older programs may: not open it.

-- What this file is: the device whose commands are numbered here, the version of derived tables.
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Which migrations made this file, with the hash of their text.
CREATE TABLE migration (
    number   INTEGER NOT NULL PRIMARY KEY,
    checksum BLOB NOT NULL
) STRICT;

-- The log: every accepted command as signed bytes, chained. Never changed, never deleted.
CREATE TABLE command (
    seq   INTEGER NOT NULL PRIMARY KEY,
    dev   BLOB NOT NULL,
    n     INTEGER NOT NULL,
    id    BLOB NOT NULL UNIQUE,
    at    INTEGER NOT NULL,
    actor BLOB NOT NULL,
    raw   BLOB NOT NULL,
    sig   BLOB NOT NULL,
    hash  BLOB NOT NULL,
    UNIQUE (dev, n)
) STRICT;

-- Public keys by officer; a command is signed by a key of its actor.
CREATE TABLE officer_key (
    officer BLOB NOT NULL,
    public  BLOB NOT NULL,
    PRIMARY KEY (officer, public)
) STRICT, WITHOUT ROWID;

-- Every state as it stands. key = tag and 16 bytes of id; ver = seq of the command that touched it
-- last; ord = entry day * 2^24 + k for documents, given once.
CREATE TABLE state (
    row  INTEGER NOT NULL PRIMARY KEY,
    key  BLOB NOT NULL UNIQUE,
    ver  INTEGER NOT NULL,
    ord  INTEGER,
    body TEXT NOT NULL
) STRICT;

-- The history, line by line; who did it and when stand in the log.
CREATE TABLE trail (
    key  BLOB NOT NULL,
    seq  INTEGER NOT NULL,
    part INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (key, seq, part)
) STRICT, WITHOUT ROWID;

-- From here on: derived from states, may be thrown away and rebuilt.

-- Documents by order of entry; mark packs what a filter looks at.
CREATE TABLE doc (
    ord   INTEGER NOT NULL PRIMARY KEY,
    state INTEGER NOT NULL,
    mark  INTEGER NOT NULL
) STRICT;

-- Names of buckets: small numbers for long names.
CREATE TABLE bucket (
    id    INTEGER NOT NULL PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,
    total INTEGER NOT NULL
) STRICT;

-- Documents in each bucket, and how many a day: a row is found by index without counting.
CREATE TABLE posting (
    bucket INTEGER NOT NULL,
    ord    INTEGER NOT NULL,
    PRIMARY KEY (bucket, ord)
) STRICT, WITHOUT ROWID;

CREATE TABLE bucket_day (
    bucket INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (bucket, day)
) STRICT, WITHOUT ROWID;

-- Documents a circle of people sees beside those of the whole office or of the staff.
CREATE TABLE personal (
    bucket INTEGER NOT NULL,
    ord    INTEGER NOT NULL,
    mark   INTEGER NOT NULL,
    PRIMARY KEY (bucket, ord)
) STRICT, WITHOUT ROWID;

-- Numbers of books, and rendered references of outgoing documents by year.
CREATE TABLE number (
    book BLOB NOT NULL,
    year INTEGER NOT NULL,
    no   INTEGER NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (book, year, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE reference (
    year INTEGER NOT NULL,
    text TEXT NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (year, text)
) STRICT, WITHOUT ROWID;

-- Documents that wait for a number, in the order they wait.
CREATE TABLE waiting (
    book BLOB NOT NULL,
    at   INTEGER NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (book, at, key)
) STRICT, WITHOUT ROWID;

-- Numbers as people type them: 123, 45a, 123/ubnd-vp.
CREATE TABLE typed_number (
    text TEXT NOT NULL,
    ord  INTEGER NOT NULL,
    PRIMARY KEY (text, ord)
) STRICT, WITHOUT ROWID;

-- What makes two incoming documents the same, and which things use a file.
CREATE TABLE twin (
    print BLOB NOT NULL,
    key   BLOB NOT NULL,
    PRIMARY KEY (print, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob_use (
    blob BLOB NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (blob, key)
) STRICT, WITHOUT ROWID;

-- Issuers as typed, by use.
CREATE TABLE issuer (
    name TEXT NOT NULL PRIMARY KEY,
    uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX issuer_by_use ON issuer (uses);

-- Tasks by who has to do with them; rank puts the most pressing first.
CREATE TABLE task_scope (
    scope INTEGER NOT NULL,
    role  INTEGER NOT NULL,
    phase INTEGER NOT NULL,
    rank  INTEGER NOT NULL,
    task  BLOB NOT NULL,
    PRIMARY KEY (scope, role, phase, rank, task)
) STRICT, WITHOUT ROWID;

-- What hangs on what: tasks of a document, drafts of a task, answers to a document.
CREATE TABLE relation (
    of   BLOB NOT NULL,
    kind INTEGER NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (of, kind, key)
) STRICT, WITHOUT ROWID;

-- What an officer is named on and has not opened.
CREATE TABLE unread (
    officer BLOB NOT NULL,
    kind    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    key     BLOB NOT NULL,
    PRIMARY KEY (officer, kind, at, key)
) STRICT, WITHOUT ROWID;

-- The words of all documents by what they fold to: those with marks, in the form the search index
-- has them in, and the long ones without. A word that is in no document any more may stay.
CREATE TABLE form (
    fold TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (fold, word)
) STRICT, WITHOUT ROWID;

-- Folded words of documents, and beside them those with marks; rowid = ord, newest first.
CREATE VIRTUAL TABLE words USING fts5 (
    reference, issuer, subject, names, rest, tags, marked,
    content = '',
    contentless_delete = 1,
    detail = column,
    prefix = '1 2 3',
    tokenize = 'ascii'
);

-- Leaves of the search index fill one page of the encrypted file, not one and a bit.
INSERT INTO words (words, rank) VALUES ('pgsz', 3900);

-- Segments are merged in pauses, not by the act that happens to be the sixty-fourth.
INSERT INTO words (words, rank) VALUES ('automerge', 0);
INSERT INTO words (words, rank) VALUES ('crisismerge', 32);

-- From here on: of this PC alone, never sent anywhere.

CREATE TABLE local (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE form_draft (
    officer BLOB NOT NULL,
    form    TEXT NOT NULL,
    content TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (officer, form)
) STRICT, WITHOUT ROWID;

CREATE TABLE tray (
    id      TEXT NOT NULL PRIMARY KEY,
    body    TEXT NOT NULL,
    came_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
