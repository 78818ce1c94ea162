-- goal_events / conversations, between as many of these as there may have been and as many as there were
SELECT
    *,
    pg_temp.doubted(known, known, most - known, most, range_low, coalesce(range_high, 'infinity')) AS reason
FROM (
    SELECT
        grp,
        coalesce(u.value, 0) AS known,
        coalesce(u.range_high, 0) AS most,
        coalesce(o.value, 0) AS numerator,
        coalesce(u.value, 0) AS denominator,
        coalesce(o.value, 0) / nullif(u.value, 0)::float8 AS value,
        coalesce(o.value, 0) / nullif(u.range_high, 0)::float8 AS range_low,
        coalesce(o.value, 0) / nullif(u.value, 0)::float8 AS range_high
    FROM component_conversations u FULL JOIN component_goal_events o USING (grp)
) rates
