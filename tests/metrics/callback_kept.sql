-- Kept / due; what is due now may still be kept for a quarter of an hour.
SELECT
    grp,
    sum(kept::integer) AS numerator,
    count(*) AS denominator,
    avg(kept::integer) AS value
FROM told
WHERE stands AND due_at <= pg_temp.asked('until')::timestamptz - interval '15 minutes'
GROUP BY grp
