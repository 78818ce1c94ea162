-- leads reached / leads
SELECT
    grp,
    count(first_contact_at) AS numerator,
    count(*) AS denominator,
    count(first_contact_at)::float8 / count(*) AS value
FROM facts
GROUP BY grp
