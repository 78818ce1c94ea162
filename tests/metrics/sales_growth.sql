-- what was won more, over what was won then; nothing won now is a loss of all
SELECT
    grp,
    coalesce(w.value, 0) - e.value AS numerator,
    e.value AS denominator,
    coalesce(w.value, 0) / e.value - 1 AS value
FROM component_earlier_revenue e
LEFT JOIN component_won_revenue w USING (grp)
WHERE e.value > 0
