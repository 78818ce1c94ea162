-- H / A_v, and what it would be if whatever nobody knows of had been people
SELECT
    grp,
    count(*) FILTER (WHERE answered_by = 'human') AS numerator,
    count(*) AS denominator,
    avg((answered_by = 'human')::integer) AS value,
    avg((answered_by = 'human')::integer) AS range_low,
    avg((network_result = 'answered' AND answered_by IN ('human', 'unknown'))::integer) AS range_high
FROM told
WHERE network_result NOT IN ('cancelled', 'blocked')
GROUP BY grp
