-- RP / A_v, and the rate if every call without a meaning had reached the right party
WITH calls AS (
    SELECT
        grp,
        (answered_by, handled, party) = ('human', 'agent', 'right_party') AS reached,
        pg_temp.may_be_right(network_result, answered_by, handled, party, disposed, result, is_open) AS perhaps
    FROM facts
    WHERE network_result NOT IN ('cancelled', 'blocked')
),
rates AS (
    SELECT
        grp,
        count(*) FILTER (WHERE reached) AS numerator,
        count(*) AS denominator,
        count(*) FILTER (WHERE perhaps) AS unknown,
        avg(reached::integer) AS value,
        avg(reached::integer) AS range_low,
        avg((reached OR perhaps)::integer) AS range_high
    FROM calls
    GROUP BY grp
)
SELECT *, pg_temp.doubted(numerator, value, unknown, denominator, range_low, range_high) AS reason FROM rates
