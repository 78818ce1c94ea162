-- won / (won + lost)
SELECT
    grp,
    count(*) FILTER (WHERE stage = 'won') AS numerator,
    count(*) AS denominator,
    1 - avg((stage = 'lost')::integer) AS value
FROM facts
GROUP BY grp
