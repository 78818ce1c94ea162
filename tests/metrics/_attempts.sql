-- The attempts dialed in the window.
SELECT * FROM pg_temp.every_call(pg_temp.setting('from')::timestamptz, pg_temp.setting('to')::timestamptz)
