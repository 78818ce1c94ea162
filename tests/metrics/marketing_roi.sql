-- what is left of the credited gross profit after the cost, over the cost; without any profit all of the cost is lost
SELECT
    grp,
    coalesce(p.value, 0) - c.value AS numerator,
    c.value AS denominator,
    coalesce(p.value, 0) / c.value - 1 AS value
FROM component_marketing_cost c
LEFT JOIN component_attributed_gross_profit p USING (grp)
WHERE c.value > 0
