-- The attempts dialed in the window.
SELECT * FROM pg_temp.every_call(pg_temp.asked('from')::timestamptz, pg_temp.asked('to')::timestamptz)
