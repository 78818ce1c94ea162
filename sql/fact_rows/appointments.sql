-- Appointments, as reports read them.
SELECT
    m.external_id,
    m.lead,
    m.dialer,
    m.attempt,
    m.agent,
    m.set_at,
    m.scheduled_at,
    m.status,
    m.status_at,
    m.recorded_at,
    m.superseded_at
FROM fact_rows m
