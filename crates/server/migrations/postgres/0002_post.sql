-- 0002_post.sql
-- What goes from one agency to another, as 0003_post.sql has it for SQLite. Older programs may: not
-- open it.
CREATE TABLE outbox (
    id       BYTEA NOT NULL PRIMARY KEY,
    from_org BYTEA NOT NULL,
    to_org   BYTEA NOT NULL,
    parcel   BYTEA NOT NULL,
    rank     SMALLINT NOT NULL,
    deliver  BOOLEAN NOT NULL,
    at       BIGINT NOT NULL,
    due      BIGINT NOT NULL,
    tries    BIGINT NOT NULL,
    body     TEXT NOT NULL
);

CREATE INDEX outbox_by_due ON outbox (due);
CREATE INDEX outbox_by_parcel ON outbox (from_org, parcel);

-- What has arrived at an agency and that no PC of it has read yet, by its entry.
CREATE TABLE unfetched (
    org    BYTEA NOT NULL,
    seq    BIGINT NOT NULL,
    parcel BYTEA NOT NULL,
    PRIMARY KEY (org, seq, parcel)
);

-- The directory of agencies. ver = counts every change; listed_order is held by who changes it, so
-- that a version is seen only when all before it are (a sequence does not promise that).
CREATE TABLE listed (
    id   BYTEA NOT NULL PRIMARY KEY,
    ver  BIGINT NOT NULL UNIQUE,
    body TEXT NOT NULL
);

CREATE TABLE listed_order (
    one BOOLEAN NOT NULL PRIMARY KEY CHECK (one),
    ver BIGINT NOT NULL
);

INSERT INTO listed_order (one, ver) VALUES (TRUE, 0);
