-- LW: distinct leads
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM (SELECT grp, lead FROM facts WHERE lead IS NOT NULL GROUP BY grp, lead) leads
GROUP BY grp
