-- Evaluations with points for an item of the script.
SELECT grp, count(DISTINCT external_id) AS numerator, NULL::bigint AS denominator, count(DISTINCT external_id) AS value
FROM facts
WHERE session IS NULL AND script AND points IS NOT NULL
GROUP BY grp
