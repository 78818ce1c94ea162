-- offers that are over
SELECT grp, count(*) FILTER (WHERE answered IS NOT NULL) AS numerator, NULL::bigint AS denominator,
    count(*) FILTER (WHERE answered IS NOT NULL) AS value
FROM facts
GROUP BY grp
