-- deals open in the window that somebody works on
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM told
WHERE NOT stale
GROUP BY grp
