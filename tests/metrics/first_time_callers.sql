-- distinct callers, of whom a call is the first in a year
SELECT grp, count(DISTINCT caller) AS numerator, NULL::bigint AS denominator, count(DISTINCT caller) AS value
FROM facts
WHERE first_time
GROUP BY grp
