-- What agents were said to be doing, as reports read it.
SELECT
    s.agent,
    s.from_at,
    s.state,
    s.reason,
    s.to_at,
    s.recorded_at,
    s.superseded_at
FROM fact_rows s
