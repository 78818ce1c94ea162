-- seconds of talk
SELECT grp, sum(talked_ms) / 1000.0 AS numerator, NULL::bigint AS denominator, sum(talked_ms) / 1000.0 AS value
FROM facts
WHERE talked_ms IS NOT NULL
GROUP BY grp
