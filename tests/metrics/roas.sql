-- credited revenue over cost
SELECT grp, r.value AS numerator, c.value AS denominator, r.value / nullif(c.value, 0) AS value
FROM component_attributed_revenue r
FULL JOIN component_marketing_cost c USING (grp)
