-- Time with a customer, or after one.
SELECT
    grp,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state IN ('talking', 'holding', 'wrapping')) / 60 AS numerator,
    NULL::bigint AS denominator,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state IN ('talking', 'holding', 'wrapping')) / 60 AS value
FROM facts
GROUP BY grp
