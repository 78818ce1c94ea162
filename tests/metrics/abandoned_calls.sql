-- callers who hung up
SELECT grp, count(*) FILTER (WHERE outcome = 'abandoned') AS numerator, NULL::bigint AS denominator,
    count(*) FILTER (WHERE outcome = 'abandoned') AS value
FROM facts
GROUP BY grp
