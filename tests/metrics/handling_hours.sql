-- Time with a customer, or wrapping up.
SELECT
    grp,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state IN ('wrapping', 'holding', 'talking')) / 3600 AS numerator,
    NULL::bigint AS denominator,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state IN ('wrapping', 'holding', 'talking')) / 3600 AS value
FROM facts
GROUP BY grp
