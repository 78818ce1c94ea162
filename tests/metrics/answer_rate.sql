-- ANS / A_v
SELECT
    grp,
    sum(CASE network_result WHEN 'answered' THEN 1 ELSE 0 END) AS numerator,
    count(*) AS denominator,
    avg(CASE network_result WHEN 'answered' THEN 1.0 ELSE 0.0 END) AS value
FROM facts
WHERE network_result NOT IN ('cancelled', 'blocked')
GROUP BY grp
