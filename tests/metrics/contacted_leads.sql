-- LC, and as many as there may have been
SELECT
    grp,
    count(*) FILTER (WHERE reached) AS numerator,
    NULL::bigint AS denominator,
    count(*) FILTER (WHERE reached) AS value,
    count(*) AS range_high
FROM (
    SELECT
        grp,
        lead,
        bool_or((answered_by, handled, party) = ('human', 'agent', 'right_party')) AS reached,
        bool_or(pg_temp.may_be_right(network_result, answered_by, handled, party, disposed, result, is_open)) AS perhaps
    FROM facts
    WHERE lead IS NOT NULL
    GROUP BY grp, lead
) leads
WHERE reached OR perhaps
GROUP BY grp
