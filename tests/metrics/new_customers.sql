-- spells that began
SELECT grp, count(*) FILTER (WHERE since_at IS NOT NULL) AS numerator, NULL::bigint AS denominator, count(*) FILTER (WHERE since_at IS NOT NULL) AS value
FROM facts
GROUP BY grp
