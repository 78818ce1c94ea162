-- callbacks that callers chose
SELECT grp, count(*) FILTER (WHERE outcome = 'callback') AS numerator, NULL::bigint AS denominator,
    count(*) FILTER (WHERE outcome = 'callback') AS value
FROM facts
GROUP BY grp
