-- revenue over those who paid
SELECT grp, o.value AS numerator, u.value AS denominator, o.value / nullif(u.value, 0) AS value
FROM component_customer_revenue o
FULL JOIN component_paying_customers u USING (grp)
