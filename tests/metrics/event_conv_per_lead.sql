-- goal_event_leads / worked_leads
SELECT
    grp,
    coalesce(o.value, 0) AS numerator,
    coalesce(u.value, 0) AS denominator,
    coalesce(o.value, 0) / nullif(u.value, 0)::float8 AS value
FROM component_worked_leads u FULL JOIN component_goal_event_leads o USING (grp)
