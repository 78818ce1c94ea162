-- cost over credited leads
SELECT grp, c.value AS numerator, g.value AS denominator, c.value / nullif(g.value, 0) AS value
FROM component_marketing_cost c
FULL JOIN component_attributed_leads g USING (grp)
