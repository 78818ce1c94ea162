-- Six or more / given up.
SELECT
    grp,
    sum((attempts > 5)::integer) AS numerator,
    sum(1) AS denominator,
    sum((attempts > 5)::integer)::float8 / sum(1) AS value
FROM facts
WHERE given_up
GROUP BY grp
