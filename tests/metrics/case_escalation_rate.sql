-- escalated cases / cases, where escalations are reported
SELECT grp, sum((escalated_at IS NOT NULL)::integer) AS numerator, count(*) AS denominator, avg((escalated_at IS NOT NULL)::integer)::float8 AS value
FROM facts
WHERE tells_escalations
GROUP BY grp
