-- distinct leads with a sale / distinct leads
SELECT
    grp,
    count(DISTINCT lead) FILTER (WHERE result = 'sale') AS numerator,
    count(DISTINCT lead) AS denominator,
    count(DISTINCT lead) FILTER (WHERE result = 'sale')::float8 / nullif(count(DISTINCT lead), 0) AS value
FROM told
GROUP BY grp
