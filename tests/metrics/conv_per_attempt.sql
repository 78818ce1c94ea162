-- S / A_v
WITH valid AS (SELECT * FROM facts WHERE network_result <> ALL ('{cancelled,blocked}')),
reached AS (SELECT grp, count(*) AS n FROM valid WHERE goal GROUP BY grp)
SELECT v.grp, coalesce(max(s.n), 0) AS numerator, count(*) AS denominator, coalesce(max(s.n), 0)::float8 / count(*) AS value
FROM valid v LEFT JOIN reached s USING (grp)
GROUP BY v.grp
