-- (S in RP) / RP
SELECT
    grp,
    sum(CASE WHEN goal THEN 1 ELSE 0 END) AS numerator,
    count(*) AS denominator,
    avg(CASE WHEN goal THEN 1.0 ELSE 0.0 END) AS value
FROM facts
WHERE (answered_by, handled, party) = ('human', 'agent', 'right_party')
GROUP BY grp
