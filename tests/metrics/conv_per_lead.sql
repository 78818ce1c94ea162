-- distinct leads that reached the goal / distinct leads worked
SELECT grp, sum(bought::integer) AS numerator, count(*) AS denominator, avg(bought::integer) AS value
FROM (SELECT grp, lead, bool_or(goal) AS bought FROM facts GROUP BY grp, lead) leads
GROUP BY grp
