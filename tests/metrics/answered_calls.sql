-- calls with an answer
SELECT grp, count(*) FILTER (WHERE outcome = 'answered') AS numerator, NULL::bigint AS denominator,
    count(*) FILTER (WHERE outcome = 'answered') AS value
FROM facts
GROUP BY grp
