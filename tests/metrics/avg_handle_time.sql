-- seconds over calls
SELECT grp, t.value AS numerator, c.value AS denominator, t.value / nullif(c.value, 0) AS value
FROM component_handle_time t
FULL JOIN component_handled_calls c USING (grp)
