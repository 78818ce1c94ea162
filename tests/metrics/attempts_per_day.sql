-- Empty where either is missing, and by dimensions that agent time lacks.
SELECT
    grp,
    o.value AS numerator,
    u.value AS denominator,
    o.value::float8 / nullif(u.value, 0) AS value
FROM component_attempts_of_agents o
FULL JOIN component_agent_days u USING (grp)
WHERE grp = '[]' OR NOT string_to_array(pg_temp.setting('by'), ',') && '{campaign,source,tracking_number}'
