-- cost over resolved cases
SELECT grp, o.value AS numerator, u.value AS denominator, o.value / nullif(u.value, 0) AS value
FROM component_running_cost o
FULL JOIN component_resolved_cases u USING (grp)
WHERE grp = '[]' OR NOT string_to_array(pg_temp.setting('by'), ',') && '{agent,campaign,source,tracking_number}'
