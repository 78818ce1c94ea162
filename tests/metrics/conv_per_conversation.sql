-- (S in CV) / CV: a right party spoke with an agent for a minute or longer
SELECT
    grp,
    count(*) FILTER (WHERE goal) AS numerator,
    count(*) AS denominator,
    avg(goal::integer) AS value
FROM facts
WHERE party = 'right_party' AND answered_by = 'human' AND handled = 'agent' AND talk_ms / 1000.0 >= 60
GROUP BY grp
