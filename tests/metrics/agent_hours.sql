-- Time in which an agent was logged in.
SELECT
    grp,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state <> 'offline') / 3600 AS numerator,
    NULL::bigint AS denominator,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state <> 'offline') / 3600 AS value
FROM facts
GROUP BY grp
