-- Over pairs: the mean squared difference inside of items, against that of any two ratings.
SELECT
    grp,
    NULL::numeric AS numerator,
    count(*) AS denominator,
    1 - avg(apart) / nullif(2 * var_samp(rating), 0) AS value
FROM facts
WHERE others > 0
GROUP BY grp
