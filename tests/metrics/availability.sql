-- waiting over logged in
SELECT grp, o.value AS numerator, u.value AS denominator, o.value / nullif(u.value, 0) AS value
FROM component_ready_hours o
FULL JOIN component_agent_hours u USING (grp)
