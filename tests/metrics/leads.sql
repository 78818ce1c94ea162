-- every lead received
SELECT grp, count(*) AS numerator, count(*) AS value FROM facts GROUP BY grp
