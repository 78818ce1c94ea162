-- H / A_v, and the rate if all unknown answerers had been people
SELECT *, pg_temp.doubted(numerator, value, unknown, denominator, range_low, range_high) AS reason
FROM (
    SELECT
        grp,
        count(*) FILTER (WHERE answered_by = 'human') AS numerator,
        count(*) AS denominator,
        count(*) FILTER (WHERE pg_temp.may_be_answered(network_result, is_open) AND answered_by = 'unknown') AS unknown,
        avg((answered_by = 'human')::integer) AS value,
        avg((answered_by = 'human')::integer) AS range_low,
        avg((pg_temp.may_be_answered(network_result, is_open) AND answered_by IN ('human', 'unknown'))::integer) AS range_high
    FROM facts
    WHERE network_result NOT IN ('cancelled', 'blocked')
    GROUP BY grp
) rates
