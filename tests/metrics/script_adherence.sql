-- All points / items of the script.
SELECT
    grp,
    sum((points = max_points)::integer) AS numerator,
    count(*) AS denominator,
    avg((points = max_points)::integer)::float8 AS value
FROM facts
WHERE session IS NULL AND script AND points IS NOT NULL
GROUP BY grp
