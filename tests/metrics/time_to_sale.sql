-- hours by which half of those on their way to sale are there
SELECT
    grp,
    count(*) FILTER (WHERE there) AS numerator,
    count(*) AS denominator,
    pg_temp.half_by(array_agg(ms), array_agg(there)) / 3600000 AS value
FROM facts
WHERE move = 'sale'
GROUP BY grp
