-- All of them.
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value FROM facts GROUP BY grp
