-- leads with a call that qualified them
SELECT grp, count(DISTINCT lead) AS numerator, NULL::bigint AS denominator, count(DISTINCT lead) AS value
FROM facts
WHERE result IN ('qualified', 'appointment', 'sale')
GROUP BY grp
