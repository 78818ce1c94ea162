-- attempts whose disposition has no meaning / attempts with a disposition
SELECT
    grp,
    count(*) FILTER (WHERE result = 'unmapped') AS numerator,
    count(*) AS denominator,
    avg((result = 'unmapped')::integer) AS value
FROM told
WHERE disposed
GROUP BY grp
