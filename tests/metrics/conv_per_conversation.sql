-- (S in CV) / CV: a right party spoke with an agent for a minute or longer
WITH calls AS (
    SELECT grp, goal AS good, coalesce(
        party = 'right_party' AND answered_by = 'human' AND handled = 'agent' AND talk_ms / 1000.0 >= 60, false
    ) AS counts, pg_temp.may_be_right(network_result, answered_by, handled, party, disposed, result, is_open)
        AND coalesce(talk_ms, 0) > 59999 AS perhaps
    FROM facts
),
counts AS (
    SELECT
        grp,
        count(*) FILTER (WHERE counts AND good)::float8 AS numerator,
        count(*) FILTER (WHERE counts)::float8 AS denominator,
        count(*) FILTER (WHERE perhaps AND good)::float8 AS perhaps_good,
        count(*) FILTER (WHERE perhaps)::float8 AS perhaps
    FROM calls
    GROUP BY grp
),
rates AS (
    SELECT
        *,
        numerator / nullif(denominator, 0) AS value,
        coalesce(numerator / nullif(denominator + perhaps - perhaps_good, 0), 0) AS low,
        coalesce(
            (numerator + perhaps_good) / nullif(denominator + perhaps_good, 0), CASE WHEN perhaps > 0 THEN 1 END
        ) AS high
    FROM counts
)
SELECT
    grp,
    numerator,
    denominator,
    value,
    pg_temp.doubted(numerator, value, perhaps, denominator + perhaps, low, high) AS reason,
    CASE WHEN value IS NOT NULL OR high > low THEN low END AS range_low,
    CASE WHEN value IS NOT NULL OR high > low THEN high END AS range_high
FROM rates
