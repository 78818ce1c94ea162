-- H / A_v
SELECT
    grp,
    count(*) FILTER (WHERE answered_by = 'human') AS numerator,
    count(*) AS denominator,
    avg((answered_by = 'human')::integer) AS value
FROM told
WHERE network_result NOT IN ('cancelled', 'blocked')
GROUP BY grp
