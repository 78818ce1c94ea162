-- Empty where either is missing, and by dimensions that agent time lacks.
SELECT
    grp,
    o.value AS numerator,
    u.value AS denominator,
    o.value / nullif(u.value, 0) AS value
FROM component_contacts o
FULL JOIN component_available_hours u USING (grp)
WHERE grp = '[]' OR NOT string_to_array(pg_temp.setting('by'), ',') && '{campaign,source,tracking_number}'
