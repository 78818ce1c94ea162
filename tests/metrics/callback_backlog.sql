-- Due by now, and nobody has called.
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM told
WHERE stands AND untried AND is_open AND NOT due_at > pg_temp.asked('until')::timestamptz
GROUP BY grp
