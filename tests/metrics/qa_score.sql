-- Points / most points, over evaluations.
SELECT grp, sum(earned) AS numerator, sum(possible) AS denominator, sum(earned) / sum(possible) AS value
FROM facts
WHERE session IS NULL AND possible > 0
GROUP BY grp
