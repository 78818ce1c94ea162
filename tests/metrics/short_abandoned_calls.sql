-- callers who hung up in less than five seconds
SELECT grp, count(*) FILTER (WHERE outcome = 'abandoned' AND wait_ms < 5000) AS numerator, NULL::bigint AS denominator,
    count(*) FILTER (WHERE outcome = 'abandoned' AND wait_ms < 5000) AS value
FROM facts
GROUP BY grp
