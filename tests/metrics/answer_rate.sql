-- ANS / A_v, and the rate if every call that ended without a result had been picked up
SELECT *, pg_temp.doubted(numerator, value, most - numerator, denominator, range_low, range_high) AS reason
FROM (
    SELECT
        grp,
        sum(CASE network_result WHEN 'answered' THEN 1 ELSE 0 END) AS numerator,
        count(*) AS denominator,
        count(*) FILTER (WHERE pg_temp.may_be_answered(network_result, is_open)) AS most,
        avg(CASE network_result WHEN 'answered' THEN 1.0 ELSE 0.0 END) AS value,
        avg(CASE network_result WHEN 'answered' THEN 1.0 ELSE 0.0 END) AS range_low,
        avg(pg_temp.may_be_answered(network_result, is_open)::integer) AS range_high
    FROM facts
    WHERE network_result NOT IN ('cancelled', 'blocked')
    GROUP BY grp
) rates
