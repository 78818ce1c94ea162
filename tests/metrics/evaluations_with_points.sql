-- Evaluations with points.
SELECT grp, count(DISTINCT external_id) AS numerator, NULL::bigint AS denominator, count(DISTINCT external_id) AS value
FROM facts
WHERE session IS NULL AND points IS NOT NULL
GROUP BY grp
