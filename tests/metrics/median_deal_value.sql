-- median amount of won deals
SELECT
    grp,
    NULL::float8 AS numerator,
    count(amount) AS denominator,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) AS value
FROM facts
WHERE stage = 'won'
GROUP BY grp
