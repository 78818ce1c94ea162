-- ended attempts without a disposition / ended attempts
SELECT
    grp,
    count(*) - count(*) FILTER (WHERE disposed) AS numerator,
    count(*) AS denominator,
    1 - avg(disposed::integer) AS value
FROM facts
WHERE is_open IS NOT TRUE
GROUP BY grp
