-- open deals x mean amount x win rate / days to a win
SELECT
    grp,
    o.value * v.value * r.value AS numerator,
    c.value AS denominator,
    o.value * v.value * r.value / nullif(c.value, 0) AS value
FROM component_open_opportunities o
FULL JOIN component_deal_value_365 v USING (grp)
FULL JOIN component_win_rate_365 r USING (grp)
FULL JOIN component_sales_cycle_365 c USING (grp)
