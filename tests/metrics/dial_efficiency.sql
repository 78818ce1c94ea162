-- HA / A_v, the numerator as what remains of H when those without an agent are taken away
SELECT
    grp,
    count(*) FILTER (WHERE answered_by = 'human')
        - count(*) FILTER (WHERE answered_by = 'human' AND handled IS DISTINCT FROM 'agent') AS numerator,
    count(*) AS denominator,
    avg((answered_by = 'human' AND handled = 'agent')::integer) AS value,
    avg((answered_by = 'human' AND handled = 'agent')::integer) AS range_low,
    avg(
        (network_result = 'answered' AND answered_by = ANY ('{human,unknown}') AND handled = 'agent')::integer
    ) AS range_high
FROM facts
WHERE NOT (network_result = 'cancelled' OR network_result = 'blocked')
GROUP BY grp
