-- The calls of the window that were offered, and whether working hours had begun when each arrived.
SELECT c.*, pg_temp.worked_ms('', c.arrived_at, c.arrived_at + interval '1 millisecond') = 0 AS is_late
FROM pg_temp.every_inbound_call(pg_temp.setting('from')::timestamptz, pg_temp.setting('to')::timestamptz) c
WHERE c.offered
