-- Calls shared for coaching, as reports read them: without the note.
SELECT
    c.external_id,
    c.dialer,
    c.call,
    c.team,
    c.manager,
    c.shared_at,
    c.withdrawn_at,
    c.recorded_at,
    c.superseded_at
FROM fact_rows c
