-- H / A_v, and the rate if all unknown answerers had been people
SELECT
    grp,
    count(*) FILTER (WHERE answered_by = 'human') AS numerator,
    count(*) AS denominator,
    avg((answered_by = 'human')::integer) AS value,
    avg((answered_by = 'human')::integer) AS range_low,
    avg((network_result = 'answered' AND answered_by IN ('human', 'unknown'))::integer) AS range_high
FROM facts
WHERE network_result NOT IN ('cancelled', 'blocked')
GROUP BY grp
