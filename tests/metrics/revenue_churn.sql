-- lost over all
SELECT grp, o.value AS numerator, u.value AS denominator, o.value / nullif(u.value, 0) AS value
FROM component_lost_revenue o
FULL JOIN component_revenue_at_start u USING (grp)
