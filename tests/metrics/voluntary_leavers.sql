-- last days of those who chose to go, and of those who may have
SELECT
    grp,
    count(*) FILTER (WHERE voluntary) AS numerator,
    NULL::bigint AS denominator,
    count(*) FILTER (WHERE voluntary) AS value,
    count(*) FILTER (WHERE voluntary) AS range_low,
    count(*) FILTER (WHERE voluntary IS NOT FALSE) AS range_high
FROM facts
WHERE has_left
GROUP BY grp
