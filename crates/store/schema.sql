CREATE TABLE blob_use (
    blob BLOB NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (blob, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE bucket (
    id    INTEGER NOT NULL PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,
    total INTEGER NOT NULL
) STRICT;

CREATE TABLE bucket_day (
    bucket INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (bucket, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE carried (
    dev BLOB NOT NULL,
    n   INTEGER NOT NULL,
    raw BLOB NOT NULL,
    sig BLOB NOT NULL,
    recorded TEXT, behind INTEGER NOT NULL
    DEFAULT 0, turn INTEGER NOT NULL
    DEFAULT 0, has_gap INTEGER NOT NULL
    DEFAULT 0,
    PRIMARY KEY (dev, n)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE confirmed (
    key  BLOB NOT NULL PRIMARY KEY,
    ver  INTEGER NOT NULL,
    body TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE doc (
    ord   INTEGER NOT NULL PRIMARY KEY,
    state INTEGER NOT NULL,
    mark  INTEGER NOT NULL
) STRICT;

CREATE TABLE file_down (
    blob BLOB NOT NULL PRIMARY KEY,
    lane INTEGER NOT NULL,
    day  INTEGER NOT NULL
, size INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE file_up (
    blob BLOB NOT NULL PRIMARY KEY
, lane INTEGER NOT NULL DEFAULT 4) STRICT, WITHOUT ROWID;

CREATE TABLE form (
    fold TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (fold, word)
) STRICT, WITHOUT ROWID;

CREATE TABLE form_draft (
    officer BLOB NOT NULL,
    form    TEXT NOT NULL,
    content TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (officer, form)
) STRICT, WITHOUT ROWID;

CREATE TABLE handed (
    book BLOB NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE issuer (
    name TEXT NOT NULL PRIMARY KEY,
    uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lettered (
    book   BLOB NOT NULL,
    year   INTEGER NOT NULL,
    no     INTEGER NOT NULL,
    letter TEXT NOT NULL,
    key    BLOB NOT NULL,
    PRIMARY KEY (book, year, no, letter, key)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE listed (
    id   BLOB NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE local (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE migration (
    number   INTEGER NOT NULL PRIMARY KEY,
    checksum BLOB NOT NULL
) STRICT;

CREATE TABLE "number" (
    book BLOB NOT NULL,
    year INTEGER NOT NULL,
    no   INTEGER NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (book, year, no, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE officer_key (
    officer BLOB NOT NULL,
    public  BLOB NOT NULL,
    PRIMARY KEY (officer, public)
) STRICT, WITHOUT ROWID;

CREATE TABLE personal (
    bucket INTEGER NOT NULL,
    ord    INTEGER NOT NULL,
    mark   INTEGER NOT NULL,
    PRIMARY KEY (bucket, ord)
) STRICT, WITHOUT ROWID;

CREATE TABLE posting (
    bucket INTEGER NOT NULL,
    ord    INTEGER NOT NULL,
    PRIMARY KEY (bucket, ord)
) STRICT, WITHOUT ROWID;

CREATE TABLE reader (
    officer   BLOB NOT NULL PRIMARY KEY,
    cursor    INTEGER NOT NULL,
    scopes    TEXT NOT NULL,
    from_head INTEGER,
    below     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE "reference" (
    year INTEGER NOT NULL,
    text TEXT NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (year, text, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE relation (
    of   BLOB NOT NULL,
    kind INTEGER NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (of, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE returned (
    seq  INTEGER NOT NULL PRIMARY KEY,
    said TEXT NOT NULL
, let_go INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE sending (
    seq   INTEGER NOT NULL PRIMARY KEY,
    stage INTEGER NOT NULL,
    entry INTEGER,
    said  TEXT,
    recorded TEXT
) STRICT;

CREATE TABLE state (
    row  INTEGER NOT NULL PRIMARY KEY,
    key  BLOB NOT NULL UNIQUE,
    ver  INTEGER NOT NULL,
    ord  INTEGER,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE stated (
    nth   INTEGER NOT NULL PRIMARY KEY,
    about BLOB NOT NULL,
    body  TEXT NOT NULL
) STRICT;

CREATE TABLE statement (
    nth    INTEGER NOT NULL PRIMARY KEY,
    id     BLOB NOT NULL UNIQUE,
    raw    TEXT NOT NULL,
    sig    BLOB NOT NULL,
    became TEXT
) STRICT;

CREATE TABLE task_scope (
    scope INTEGER NOT NULL,
    role  INTEGER NOT NULL,
    phase INTEGER NOT NULL,
    rank  INTEGER NOT NULL,
    task  BLOB NOT NULL,
    PRIMARY KEY (scope, role, phase, rank, task)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE touch (
    key  BLOB NOT NULL,
    seq  INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE trail (
    key  BLOB NOT NULL,
    seq  INTEGER NOT NULL,
    part INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (key, seq, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE tray (
    id      TEXT NOT NULL PRIMARY KEY,
    body    TEXT NOT NULL,
    came_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE twin (
    print BLOB NOT NULL,
    key   BLOB NOT NULL,
    PRIMARY KEY (print, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE typed_number (
    text TEXT NOT NULL,
    ord  INTEGER NOT NULL,
    PRIMARY KEY (text, ord)
) STRICT, WITHOUT ROWID;

CREATE TABLE unread (
    officer BLOB NOT NULL,
    kind    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    key     BLOB NOT NULL,
    PRIMARY KEY (officer, kind, at, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE waiting (
    book BLOB NOT NULL,
    at   INTEGER NOT NULL,
    key  BLOB NOT NULL,
    PRIMARY KEY (book, at, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE witness (
    key  BLOB NOT NULL,
    year INTEGER NOT NULL,
    no   INTEGER NOT NULL,
    seen TEXT NOT NULL,
    PRIMARY KEY (key, year, no)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE words USING fts5 (
    reference, issuer, subject, names, rest, tags, marked,
    content = '',
    contentless_delete = 1,
    detail = column,
    prefix = '1 2 3',
    tokenize = 'ascii'
);

CREATE INDEX file_down_by_lane ON file_down (lane, day DESC, blob);

CREATE INDEX file_up_by_lane ON file_up (lane, blob);

CREATE INDEX issuer_by_use ON issuer (uses);

CREATE INDEX sending_by_stage ON sending (stage, entry, seq);

CREATE INDEX stated_by_about ON stated (about, nth);

CREATE INDEX touch_by_command ON touch (seq);
