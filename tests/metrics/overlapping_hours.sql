-- Time with more than one state.
SELECT
    grp,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE states > 1) / 3600 AS numerator,
    NULL::bigint AS denominator,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE states > 1) / 3600 AS value
FROM facts
GROUP BY grp
