-- On time / due; a callback due now can still be on time for a quarter of an hour.
SELECT
    grp,
    sum(on_time::integer) AS numerator,
    count(*) AS denominator,
    avg(on_time::integer) AS value
FROM facts
WHERE stands AND due_at <= pg_temp.setting('until')::timestamptz - interval '15 minutes'
GROUP BY grp
