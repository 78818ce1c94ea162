-- RP, and as many as there may have been
SELECT
    grp,
    count(*) FILTER (WHERE reached) AS numerator,
    NULL::bigint AS denominator,
    count(*) FILTER (WHERE reached) AS value,
    count(*) FILTER (WHERE reached) AS range_low,
    count(*) AS range_high
FROM (
    SELECT
        grp,
        (answered_by, handled, party) = ('human', 'agent', 'right_party') AS reached,
        pg_temp.may_be_right(network_result, answered_by, handled, party, disposed, result, is_open) AS perhaps
    FROM facts
) calls
WHERE reached OR perhaps
GROUP BY grp
