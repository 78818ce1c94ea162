-- Time with a call in hand.
SELECT
    grp,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state NOT IN ('offline', 'paused', 'waiting')) / 3600 AS numerator,
    NULL::bigint AS denominator,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state NOT IN ('offline', 'paused', 'waiting')) / 3600 AS value
FROM facts
GROUP BY grp
