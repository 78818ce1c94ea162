-- Where either is missing there is nothing to say.
SELECT
    grp,
    o.value AS numerator,
    u.value AS denominator,
    o.value / nullif(u.value, 0) AS value
FROM component_handling_hours o
FULL JOIN component_agent_hours u USING (grp)
