-- Answers of 0 to 10 after a contact.
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM facts
WHERE kind = 'nps' AND scale = '0-10' AND answered AND about_contact
GROUP BY grp
