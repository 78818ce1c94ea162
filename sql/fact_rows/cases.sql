-- Cases, as reports read them.
SELECT
    c.external_id,
    c.lead,
    c.agent,
    c.queue,
    c.topic,
    c.source,
    c.campaign,
    c.opened_at,
    c.resolved_at,
    c.reopened_at,
    c.closed_at,
    c.escalated_at,
    c.escalated_to,
    c.calls::text AS calls,
    c.test,
    c.recorded_at,
    c.superseded_at
FROM fact_rows c
