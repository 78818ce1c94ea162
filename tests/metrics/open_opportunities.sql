-- deals open in the window that are being worked on
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE NOT stale
GROUP BY grp
