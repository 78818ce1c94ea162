-- Mean gap.
SELECT grp, sum(gap) AS numerator, count(*) AS denominator, avg(gap) AS value, stddev_samp(gap) AS spread
FROM facts
WHERE true
GROUP BY grp
