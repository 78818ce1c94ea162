-- customers with a value
SELECT grp, count(DISTINCT customer) FILTER (WHERE pays) AS numerator, NULL::bigint AS denominator,
    count(DISTINCT customer) FILTER (WHERE pays) AS value
FROM facts
GROUP BY grp
