-- answered with an agent, and those of which nothing tells who handled them
SELECT
    grp,
    count(*) FILTER (WHERE handled = 'agent') AS numerator,
    NULL::bigint AS denominator,
    count(*) FILTER (WHERE handled = 'agent') AS value,
    count(*) FILTER (WHERE handled = 'agent') AS range_low,
    count(*) AS range_high
FROM facts
WHERE network_result = 'answered' AND (handled = 'agent' OR handled = 'unknown')
GROUP BY grp
