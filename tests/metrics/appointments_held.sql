-- Those that took place.
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE status = 'held'
GROUP BY grp
