-- Evaluations outside of sessions.
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE session IS NULL
GROUP BY grp
