-- A_v
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE network_result <> ALL ('{cancelled,blocked}')
GROUP BY grp
