-- LW: leads one by one
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM (SELECT grp, lead FROM told WHERE lead IS NOT NULL GROUP BY grp, lead) leads
GROUP BY grp
