-- their distinct leads
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM (SELECT DISTINCT grp, lead FROM facts WHERE lead IS NOT NULL) leads
GROUP BY grp
