-- (AP in CV) / CV
WITH conversations AS (
    SELECT grp, result FROM facts WHERE answered_by = 'human'
    AND (party, handled) = ('right_party', 'agent') AND NOT talk_ms < 60000
)
SELECT
    grp,
    sum((result = 'appointment')::integer) AS numerator,
    sum(1) AS denominator,
    sum((result = 'appointment')::integer)::float8 / sum(1) AS value
FROM conversations
GROUP BY grp
