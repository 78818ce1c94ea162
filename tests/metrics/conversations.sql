-- CV
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE (answered_by, handled, party) = ('human', 'agent', 'right_party') AND talk_ms / 1000.0 >= 60
GROUP BY grp
