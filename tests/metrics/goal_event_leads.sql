-- their leads, one by one
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM (SELECT DISTINCT grp, lead FROM told WHERE lead IS NOT NULL) leads
GROUP BY grp
