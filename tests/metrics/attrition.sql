-- leavers over years of employment
SELECT grp, o.value AS numerator, u.value AS denominator, o.value / nullif(u.value, 0) AS value
FROM component_leavers o
FULL JOIN component_staff_years u USING (grp)
