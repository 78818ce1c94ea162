-- What was said of calls, as reports read it.
SELECT
    d.dialer,
    d.attempt AS external_id,
    d.listed,
    d.code,
    d.agent,
    d.set_at,
    d.callback_at,
    d.recorded_at,
    d.superseded_at
FROM fact_rows d
