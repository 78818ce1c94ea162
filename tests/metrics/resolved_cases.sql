-- cases that are resolved
SELECT grp, count(*) FILTER (WHERE resolved) AS numerator, NULL::bigint AS denominator,
    count(*) FILTER (WHERE resolved) AS value
FROM facts
GROUP BY grp
