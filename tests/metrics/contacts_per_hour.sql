-- Empty where either is missing, and by dimensions that agent time lacks.
SELECT
    *,
    pg_temp.doubted(numerator, value, most - numerator, most, value, range_high) AS reason
FROM (
    SELECT
        grp,
        coalesce(o.value, 0) AS numerator,
        coalesce(o.range_high, 0) AS most,
        u.value AS denominator,
        coalesce(o.value, 0) / nullif(u.value, 0)::float8 AS value,
        coalesce(o.range_high, 0) / nullif(u.value, 0)::float8 AS range_high
    FROM component_contacts o
    FULL JOIN component_available_hours u USING (grp)
) rates
WHERE grp = '[]' OR NOT string_to_array(pg_temp.setting('by'), ',') && '{campaign,source,tracking_number}'
