-- NER: what is neither dead nor failed nor unknown
SELECT *, pg_temp.doubted(numerator, value, unknown, denominator, value, range_high) AS reason
FROM (
    SELECT
        grp,
        count(*) - count(*) FILTER (WHERE network_result IN ('invalid_number', 'network_failure', 'unknown')) AS numerator,
        count(*) AS denominator,
        count(*) FILTER (WHERE network_result = 'unknown') AS unknown,
        1 - avg((network_result IN ('invalid_number', 'network_failure', 'unknown'))::integer) AS value,
        1 - avg((network_result IN ('invalid_number', 'network_failure'))::integer) AS range_high
    FROM facts
    WHERE network_result NOT IN ('cancelled', 'blocked')
    GROUP BY grp
) rates
