-- cases of one contact, resolved / cases with a contact
SELECT grp, sum((resolved AND reopened_at IS NULL AND escalated_at IS NULL AND contacts = 1 AND NOT passed_on)::integer) AS numerator, count(*) AS denominator, avg((resolved AND reopened_at IS NULL AND escalated_at IS NULL AND contacts = 1 AND NOT passed_on)::integer)::float8 AS value
FROM facts
WHERE contacts > 0
GROUP BY grp
