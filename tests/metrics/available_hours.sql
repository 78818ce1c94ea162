-- Time with a call or ready for one: neither offline nor on a break.
SELECT
    grp,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state NOT IN ('offline', 'paused')) / 3600 AS numerator,
    NULL::bigint AS denominator,
    sum(extract(epoch FROM to_at - from_at)) FILTER (WHERE state NOT IN ('offline', 'paused')) / 3600 AS value
FROM facts
GROUP BY grp
