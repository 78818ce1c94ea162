-- mean amount of won deals, and its spread, of the rows of a year
SELECT grp, sum(amount) AS numerator, count(amount) AS denominator, avg(amount) AS value, stddev_samp(amount) AS spread
FROM facts
WHERE stage = 'won'
GROUP BY grp
