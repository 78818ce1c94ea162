-- Points / most points, over items.
SELECT
    grp,
    sum(weight * points) AS numerator,
    sum(weight * max_points) AS denominator,
    sum(weight * points) / sum(weight * max_points) AS value
FROM facts
WHERE session IS NULL AND points IS NOT NULL
GROUP BY grp
