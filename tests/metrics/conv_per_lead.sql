-- leads that reached the goal / leads worked, one by one
SELECT grp, sum(bought::integer) AS numerator, count(*) AS denominator, avg(bought::integer) AS value
FROM (SELECT grp, lead, bool_or(goal) AS bought FROM told GROUP BY grp, lead) leads
GROUP BY grp
