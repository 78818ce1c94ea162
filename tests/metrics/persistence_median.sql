-- percentile_cont does what a median is commonly taken to be.
SELECT
    grp,
    count(*) AS denominator,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY attempts) AS value
FROM facts
WHERE given_up
GROUP BY grp
