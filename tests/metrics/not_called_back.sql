-- unanswered calls that nothing settled
SELECT grp, count(*) FILTER (WHERE unsettled) AS numerator, NULL::bigint AS denominator,
    count(*) FILTER (WHERE unsettled) AS value
FROM facts
GROUP BY grp
