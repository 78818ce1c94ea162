-- calls that are not over
SELECT grp, count(*) FILTER (WHERE outcome = 'open') AS numerator, NULL::bigint AS denominator,
    count(*) FILTER (WHERE outcome = 'open') AS value
FROM facts
GROUP BY grp
