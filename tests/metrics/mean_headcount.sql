-- the parts of the window that agents were employed
SELECT grp, sum(of_window) AS numerator, NULL::bigint AS denominator, sum(of_window) AS value FROM facts GROUP BY grp
