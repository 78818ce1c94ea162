-- the time by which half of them have it behind them, in seconds; who was not reached still waits
SELECT
    *,
    pg_temp.doubted(
        numerator, coalesce(value, 'infinity'), perhaps, denominator, range_low, coalesce(value, 'infinity')
    ) AS reason
FROM (
    SELECT
        grp,
        count(*) FILTER (WHERE first_contact_at IS NOT NULL) AS numerator,
        count(*) FILTER (WHERE first_contact_at IS NULL AND first_possible_contact_at IS NOT NULL) AS perhaps,
        count(*) AS denominator,
        pg_temp.half_by(array_agg(contact_ms), array_agg(first_contact_at IS NOT NULL)) / 1000 AS value,
        pg_temp.half_by(array_agg(possible_contact_ms), array_agg(first_possible_contact_at IS NOT NULL)) / 1000 AS range_low
    FROM facts
    WHERE contact_ms IS NOT NULL
    GROUP BY grp
) times
