-- Per hundred answers: one up for 9 and 10, one down for 6 and less.
SELECT
    grp,
    sum(step) AS numerator,
    count(*) AS denominator,
    avg(step) * 100 AS value
FROM (
    SELECT grp, CASE WHEN score >= 9 THEN 1 WHEN score > 6 THEN 0 ELSE -1 END AS step
    FROM facts
    WHERE kind = 'nps' AND scale = '0-10' AND answered AND NOT about_contact
) steps
GROUP BY grp
