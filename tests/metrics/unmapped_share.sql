-- attempts with a disposition without a meaning / attempts with a disposition
SELECT
    grp,
    count(*) FILTER (WHERE result = 'unmapped') AS numerator,
    count(*) AS denominator,
    avg((result = 'unmapped')::integer) AS value
FROM facts
WHERE disposed
GROUP BY grp
