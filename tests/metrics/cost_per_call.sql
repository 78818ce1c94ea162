-- cost over handled calls, known and possible
SELECT
    *,
    CASE WHEN NOT (known = most OR known > 0 AND known * 2 >= most) AND range_low IS DISTINCT FROM range_high
        THEN 'cannot_tell'
    END AS reason
FROM (
    SELECT
        grp,
        c.value AS numerator,
        coalesce(u.value, 0) AS denominator,
        coalesce(u.value, 0) AS known,
        coalesce(u.range_high, 0) AS most,
        c.value / nullif(u.value, 0) AS value,
        c.value / nullif(u.range_high, 0) AS range_low,
        c.value / nullif(u.value, 0) AS range_high
    FROM component_running_cost c
    FULL JOIN component_all_handled_calls u USING (grp)
) costs
WHERE grp = '[]' OR NOT string_to_array(pg_temp.setting('by'), ',') && '{agent,campaign,source,tracking_number}'
