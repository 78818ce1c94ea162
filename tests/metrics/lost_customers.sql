-- spells that ended
SELECT grp, count(*) FILTER (WHERE lost_at IS NOT NULL) AS numerator, NULL::bigint AS denominator, count(*) FILTER (WHERE lost_at IS NOT NULL) AS value
FROM facts
GROUP BY grp
