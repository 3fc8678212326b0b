-- What goes out is read in its order: with tens of thousands of matters waiting each look at the
-- next two hundred had read and sorted all of them.
CREATE INDEX outbox_by_rank ON outbox (via, rank, due, at);
