-- Attempts: one per row.
SELECT grp, sum(1) AS numerator, NULL::bigint AS denominator, sum(1) AS value
FROM facts
GROUP BY grp
