-- Their evaluators.
SELECT grp, count(DISTINCT evaluator) AS numerator, NULL::bigint AS denominator, count(DISTINCT evaluator) AS value
FROM facts
WHERE session IS NULL
GROUP BY grp
