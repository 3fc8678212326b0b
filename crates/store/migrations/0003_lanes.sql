-- 0003_lanes.sql
-- Files go up by lane too: 1 urgent, 2 opened, 3 addressed to who reads here, 4 the rest. A line
-- that is paid for by the byte brings only small ones by themselves, so their bytes are noted.
-- Older programs may: read.
ALTER TABLE file_up ADD COLUMN lane INTEGER NOT NULL DEFAULT 4;

CREATE INDEX file_up_by_lane ON file_up (lane, blob);

-- What its author let go stays in the history of the thing, for him: 1 once he has.
ALTER TABLE returned ADD COLUMN let_go INTEGER NOT NULL DEFAULT 0;

-- Bytes as the document says them; 0 where that was not noted.
ALTER TABLE file_down ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
