-- Attempts: every row is one.
SELECT grp, sum(1) AS numerator, NULL::bigint AS denominator, sum(1) AS value
FROM told
GROUP BY grp
