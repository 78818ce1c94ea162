-- Answered / sent, of recommendation after a contact.
SELECT
    grp,
    sum((answered)::integer) AS numerator,
    count(*) AS denominator,
    avg((answered)::integer)::float8 AS value
FROM facts
WHERE kind = 'nps' AND about_contact
GROUP BY grp
