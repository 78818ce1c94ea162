-- calls that nobody took
SELECT grp, count(*) FILTER (WHERE outcome = 'missed') AS numerator, NULL::bigint AS denominator,
    count(*) FILTER (WHERE outcome = 'missed') AS value
FROM facts
GROUP BY grp
