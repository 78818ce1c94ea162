-- offered calls
SELECT grp, count(*) FILTER (WHERE true) AS numerator, NULL::bigint AS denominator,
    count(*) FILTER (WHERE true) AS value
FROM facts
GROUP BY grp
