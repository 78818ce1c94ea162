-- last days
SELECT grp, count(*) FILTER (WHERE has_left) AS numerator, NULL::bigint AS denominator, count(*) FILTER (WHERE has_left) AS value
FROM facts
GROUP BY grp
