-- months by which half are lost
SELECT
    grp,
    count(*) FILTER (WHERE ended) AS numerator,
    count(*) AS denominator,
    pg_temp.half_by(array_agg(life), array_agg(ended)) / 377580 AS value
FROM facts
WHERE monthly
GROUP BY grp
