-- first contacts that stayed the last / first contacts old enough
SELECT grp, sum((resolved)::integer) AS numerator, count(*) AS denominator, avg((resolved)::integer)::float8 AS value
FROM facts
WHERE first_contact AND mature
GROUP BY grp
