-- leads over calls
SELECT grp, coalesce(q.value, 0) AS numerator, coalesce(a.value, 0) AS denominator,
    coalesce(q.value, 0)::float8 / nullif(a.value, 0) AS value
FROM component_qualified_leads q
FULL JOIN component_valid_attempts a USING (grp)
