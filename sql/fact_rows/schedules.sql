-- Planned states of agents, as reports read them.
SELECT
    s.agent,
    s.from_at,
    s.activity,
    s.to_at,
    s.recorded_at,
    s.superseded_at
FROM fact_rows s
