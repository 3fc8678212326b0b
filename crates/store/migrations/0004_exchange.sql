-- 0004_exchange.sql
-- The directory of agencies, as the server lists them. Older programs may: read.
CREATE TABLE listed (
    id   BLOB NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
