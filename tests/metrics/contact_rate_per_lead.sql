-- LC / LW: distinct leads
SELECT grp, sum(reached::integer) AS numerator, count(*) AS denominator, avg(reached::integer) AS value
FROM (
    SELECT grp, lead, bool_or((answered_by, handled, party) = ('human', 'agent', 'right_party')) AS reached
    FROM facts
    WHERE lead IS NOT NULL
    GROUP BY grp, lead
) leads
GROUP BY grp
