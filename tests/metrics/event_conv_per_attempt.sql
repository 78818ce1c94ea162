-- goal_events / valid_attempts
SELECT
    grp,
    coalesce(o.value, 0) AS numerator,
    coalesce(u.value, 0) AS denominator,
    coalesce(o.value, 0) / nullif(u.value, 0)::float8 AS value
FROM component_valid_attempts u FULL JOIN component_goal_events o USING (grp)
