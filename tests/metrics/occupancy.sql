-- Where either is missing there is nothing to say.
SELECT
    grp,
    o.value AS numerator,
    u.value AS denominator,
    o.value / nullif(u.value, 0) AS value
FROM component_busy_hours o
FULL JOIN component_available_hours u USING (grp)
