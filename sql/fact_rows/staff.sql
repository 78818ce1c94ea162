-- Employments, as reports read them.
SELECT
    s.external_id AS employment,
    s.agent,
    s.team,
    s.manager,
    s.joined_on,
    s.left_on,
    s.voluntary,
    s.recorded_at,
    s.superseded_at
FROM fact_rows s
