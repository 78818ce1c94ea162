-- LC
SELECT grp, count(DISTINCT lead) AS numerator, NULL::bigint AS denominator, count(DISTINCT lead) AS value
FROM facts
WHERE (answered_by, handled, party) = ('human', 'agent', 'right_party')
GROUP BY grp
