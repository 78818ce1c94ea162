-- Those without a decision.
SELECT
    grp,
    count(*) FILTER (WHERE dispute = 'open') AS numerator,
    NULL::bigint AS denominator,
    count(*) FILTER (WHERE dispute = 'open') AS value
FROM facts
GROUP BY grp
