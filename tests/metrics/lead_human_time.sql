-- the time by which half of them have it behind them, in seconds; who has not picked up still waits
SELECT
    *,
    pg_temp.doubted(
        numerator, coalesce(value, 'infinity'), perhaps, denominator, range_low, coalesce(value, 'infinity')
    ) AS reason
FROM (
    SELECT
        grp,
        count(*) FILTER (WHERE first_human_at IS NOT NULL) AS numerator,
        count(*) FILTER (WHERE first_human_at IS NULL AND first_possible_human_at IS NOT NULL) AS perhaps,
        count(*) AS denominator,
        pg_temp.half_by(array_agg(human_ms), array_agg(first_human_at IS NOT NULL)) / 1000 AS value,
        pg_temp.half_by(array_agg(possible_human_ms), array_agg(first_possible_human_at IS NOT NULL)) / 1000 AS range_low
    FROM facts
    WHERE human_ms IS NOT NULL
    GROUP BY grp
) times
