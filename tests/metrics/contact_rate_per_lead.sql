-- LC / LW: distinct leads, and the rate if all were reached that may have been
SELECT *, pg_temp.doubted(numerator, value, unknown, denominator, value, range_high) AS reason
FROM (
    SELECT
        grp,
        sum(reached::integer) AS numerator,
        count(*) AS denominator,
        count(*) FILTER (WHERE perhaps AND NOT reached) AS unknown,
        avg(reached::integer) AS value,
        avg((reached OR perhaps)::integer) AS range_high
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
    GROUP BY grp
) rates
