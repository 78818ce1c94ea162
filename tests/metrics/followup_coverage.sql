-- Followed up in time / spoken with, the time over and the lead not closed before.
SELECT
    grp,
    count(*) FILTER (WHERE followed) AS numerator,
    count(*) AS denominator,
    count(*) FILTER (WHERE followed)::float8 / count(*) AS value
FROM facts
WHERE in_time_until <= pg_temp.setting('until')::timestamptz
    AND (followed OR closed_at IS NULL OR closed_at >= in_time_until)
GROUP BY grp
