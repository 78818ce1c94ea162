-- Over pairs: the mean squared difference inside of items, against that of any two ratings.
SELECT
    grp,
    NULL::numeric AS numerator,
    count(*) AS denominator,
    -- Only where the ratings of a call stay together.
    CASE WHEN pg_temp.setting('only') NOT LIKE '%evaluator%' AND (grp = '[]' OR NOT string_to_array(
        pg_temp.setting('by'), ','
    ) && '{evaluator,hour,day,week,month,hour_of_week,hour_of_day}')
        THEN 1 - avg(apart) / nullif(2 * var_samp(rating), 0)
    END AS value
FROM facts
WHERE others > 0
GROUP BY grp
