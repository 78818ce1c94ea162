-- Time in which an agent waited.
SELECT
    grp,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state = 'waiting') / 3600 AS numerator,
    NULL::bigint AS denominator,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state = 'waiting') / 3600 AS value
FROM facts
GROUP BY grp
