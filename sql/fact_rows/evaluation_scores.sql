-- The points of each item of an evaluation, as reports read them.
SELECT
    s.evaluation,
    s.item,
    s.evaluated_at,
    s.not_applicable,
    s.points,
    s.recorded_at,
    s.superseded_at
FROM fact_rows s
