-- leads over contacts, known and possible
SELECT
    *,
    CASE WHEN NOT (known = most OR known > 0 AND known * 2 >= most) AND range_low IS DISTINCT FROM range_high
        THEN 'cannot_tell'
    END AS reason
FROM (
    SELECT
        grp,
        coalesce(q.value, 0) AS numerator,
        coalesce(c.value, 0) AS denominator,
        coalesce(c.value, 0) AS known,
        coalesce(c.range_high, 0) AS most,
        coalesce(q.value, 0)::float8 / nullif(c.value, 0) AS value,
        coalesce(q.value, 0)::float8 / nullif(c.range_high, 0) AS range_low,
        coalesce(q.value, 0)::float8 / nullif(c.value, 0) AS range_high
    FROM component_qualified_leads q
    FULL JOIN component_contacts c USING (grp)
) rates
