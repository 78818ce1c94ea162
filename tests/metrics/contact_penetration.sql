-- leads reached / leads, and the rate if all were reached that may have been
SELECT *, pg_temp.doubted(numerator, value, unknown, denominator, value, range_high) AS reason
FROM (
    SELECT
        grp,
        count(first_contact_at) AS numerator,
        count(*) AS denominator,
        count(first_possible_contact_at) - count(first_contact_at) AS unknown,
        count(first_contact_at)::float8 / count(*) AS value,
        count(first_possible_contact_at)::float8 / count(*) AS range_high
    FROM facts
    GROUP BY grp
) rates
