-- calls out and calls in
SELECT
    grp,
    coalesce(o.value, 0) + coalesce(i.value, 0) AS numerator,
    NULL::float8 AS denominator,
    coalesce(o.value, 0) + coalesce(i.value, 0) AS value,
    coalesce(o.value, 0) + coalesce(i.value, 0) AS range_low,
    coalesce(o.range_high, 0) + coalesce(i.value, 0) AS range_high
FROM component_handled_attempts o
FULL JOIN component_answered_calls i USING (grp)
