-- Calls with an agent.
SELECT grp, sum((agent IS NOT NULL)::integer) AS numerator, NULL::bigint AS denominator, count(agent) AS value
FROM facts
GROUP BY grp
