-- Mean of the answers of 1 to 7.
SELECT grp, sum(score) AS numerator, count(*) AS denominator, avg(score) AS value, stddev_samp(score) AS spread
FROM facts
WHERE kind = 'ces' AND scale = '1-7' AND answered
GROUP BY grp
