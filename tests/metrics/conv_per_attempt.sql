-- S / A_v
WITH valid AS (SELECT * FROM told WHERE network_result <> ALL ('{cancelled,blocked}')),
sales AS (SELECT grp, count(*) AS n FROM valid WHERE result = 'sale' GROUP BY grp)
SELECT v.grp, coalesce(max(s.n), 0) AS numerator, count(*) AS denominator, coalesce(max(s.n), 0)::float8 / count(*) AS value
FROM valid v LEFT JOIN sales s USING (grp)
GROUP BY v.grp
