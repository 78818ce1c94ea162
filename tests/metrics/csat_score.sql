-- Mean of the answers of 1 to 5.
SELECT grp, sum(score) AS numerator, count(*) AS denominator, avg(score) AS value, stddev_samp(score) AS spread
FROM facts
WHERE kind = 'csat' AND scale = '1-5' AND answered
GROUP BY grp
