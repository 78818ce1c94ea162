-- calls, each once
SELECT grp, sum(passes::integer) AS numerator, count(*) AS denominator, avg(passes::integer)::float8 AS value
FROM (SELECT grp, dialer, external_id, bool_or(transferred IS TRUE) AS passes FROM facts WHERE tells_transfers GROUP BY grp, dialer, external_id) calls
GROUP BY grp
