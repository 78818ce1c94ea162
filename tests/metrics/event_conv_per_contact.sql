-- goal_events / contacts
SELECT
    grp,
    coalesce(o.value, 0) AS numerator,
    coalesce(u.value, 0) AS denominator,
    coalesce(o.value, 0) / nullif(u.value, 0)::float8 AS value
FROM component_contacts u FULL JOIN component_goal_events o USING (grp)
