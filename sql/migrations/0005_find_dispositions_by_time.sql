-- Goals recorded in a window are found by when their dispositions were set.
CREATE INDEX dispositions_by_set_at ON dispositions (account_id, set_at);
