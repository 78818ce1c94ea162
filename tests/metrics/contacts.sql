-- RP
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE (answered_by, handled, party) = ('human', 'agent', 'right_party')
GROUP BY grp
