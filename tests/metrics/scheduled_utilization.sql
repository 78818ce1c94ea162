-- Handling over planned time.
SELECT grp, o.value AS numerator, u.value AS denominator, o.value / nullif(u.value, 0) AS value
FROM component_handling_hours o
FULL JOIN component_scheduled_hours u USING (grp)
