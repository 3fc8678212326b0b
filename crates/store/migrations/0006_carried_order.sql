-- 0006_carried_order.sql
-- What a PC carries for others goes behind what it had done itself before that came. Older programs
-- may: read.

-- behind = the last command here when it came; turn = the order in which it came; has_gap = it was
-- sent, and something before it is missing: nothing waits for it any more.
ALTER TABLE carried ADD COLUMN behind INTEGER NOT NULL
    DEFAULT 0;
ALTER TABLE carried ADD COLUMN turn INTEGER NOT NULL
    DEFAULT 0;
ALTER TABLE carried ADD COLUMN has_gap INTEGER NOT NULL
    DEFAULT 0;
