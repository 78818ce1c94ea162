-- Follow-ups, as reports read them.
SELECT
    f.external_id,
    f.lead,
    f.agent,
    f.channel,
    f.due_at,
    f.done_at,
    f.automated,
    f.recorded_at,
    f.superseded_at
FROM fact_rows f
