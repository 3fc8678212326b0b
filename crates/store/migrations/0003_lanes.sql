-- 0003_lanes.sql
-- Files go up by lane too, and a line that is paid for by the byte brings only small ones by
-- themselves, so their bytes are noted. Older programs may: read.
ALTER TABLE file_up ADD COLUMN lane INTEGER NOT NULL DEFAULT 3;

CREATE INDEX file_up_by_lane ON file_up (lane, blob);

-- Bytes as the document says them; 0 where that was not noted.
ALTER TABLE file_down ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
