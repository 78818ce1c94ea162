-- seconds over calls
SELECT grp, t.value AS numerator, c.value AS denominator, t.value / nullif(c.value, 0) AS value
FROM component_inbound_wrap_time t
FULL JOIN component_calls_with_wrap c USING (grp)
