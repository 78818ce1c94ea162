-- months of employment, as years
SELECT grp, sum(of_month) / 12 AS numerator, NULL::bigint AS denominator, sum(of_month) / 12 AS value FROM facts GROUP BY grp
