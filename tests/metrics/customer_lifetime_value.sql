-- profit a month x months
SELECT
    grp,
    p.value * e.value AS numerator,
    m.value AS denominator,
    p.value * e.value / nullif(m.value, 0) AS value
FROM component_monthly_gross_profit p
FULL JOIN component_customer_months m USING (grp)
FULL JOIN component_expected_customer_months e USING (grp)
