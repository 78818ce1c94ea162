-- Time with a plan that was kept; 0 where there was a plan, and nobody kept it.
SELECT grp, coalesce(sum(adherent_hours), 0) AS numerator, NULL::bigint AS denominator, coalesce(sum(adherent_hours), 0) AS value
FROM facts
WHERE activity IS NOT NULL
GROUP BY grp
