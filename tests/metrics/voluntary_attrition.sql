-- leavers by choice over years of employment, and as many as there may be
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
    FROM component_voluntary_leavers o
    FULL JOIN component_staff_years u USING (grp)
) rates
