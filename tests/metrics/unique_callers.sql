-- distinct callers
SELECT grp, count(DISTINCT caller) AS numerator, NULL::bigint AS denominator, count(DISTINCT caller) AS value
FROM facts
GROUP BY grp
