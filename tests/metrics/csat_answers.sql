-- Answers of 1 to 5.
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE kind = 'csat' AND scale = '1-5' AND answered
GROUP BY grp
