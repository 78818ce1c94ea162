-- Due by now, and not called.
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE stands AND untried AND is_open AND NOT due_at > pg_temp.setting('until')::timestamptz
GROUP BY grp
