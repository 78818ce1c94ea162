-- HA / A_v, the numerator as what remains of H when those without an agent are taken away
SELECT *, pg_temp.doubted(numerator, value, most - numerator, denominator, range_low, range_high) AS reason
FROM (
    SELECT
        grp,
        count(*) FILTER (WHERE answered_by = 'human')
            - count(*) FILTER (WHERE answered_by = 'human' AND handled IS DISTINCT FROM 'agent') AS numerator,
        count(*) AS denominator,
        count(*) FILTER (WHERE pg_temp.may_have_spoken(network_result, answered_by, handled, is_open)) AS most,
        avg((answered_by = 'human' AND handled = 'agent')::integer) AS value,
        avg((answered_by = 'human' AND handled = 'agent')::integer) AS range_low,
        avg(pg_temp.may_have_spoken(network_result, answered_by, handled, is_open)::integer) AS range_high
    FROM facts
    WHERE NOT (network_result = 'cancelled' OR network_result = 'blocked')
    GROUP BY grp
) rates
