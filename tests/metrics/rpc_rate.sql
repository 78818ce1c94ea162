-- RP / A_v
SELECT
    grp,
    count(*) FILTER (WHERE (answered_by, handled, party) = ('human', 'agent', 'right_party')) AS numerator,
    count(*) AS denominator,
    avg(((answered_by, handled, party) = ('human', 'agent', 'right_party'))::integer) AS value
FROM facts
WHERE network_result NOT IN ('cancelled', 'blocked')
GROUP BY grp
