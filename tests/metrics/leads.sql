-- every lead received
SELECT grp, count(*) AS numerator, count(*) AS value FROM told GROUP BY grp
