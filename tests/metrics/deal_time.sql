-- days by which half are decided
SELECT
    grp,
    count(*) FILTER (WHERE decided) AS numerator,
    count(*) AS denominator,
    pg_temp.half_by(array_agg(ms), array_agg(decided)) / 86400000 AS value
FROM facts
GROUP BY grp
