-- attempts with this disposition / attempts with any, in the groups that differ in nothing but the disposition
WITH place AS (
    SELECT array_position(string_to_array(pg_temp.setting('by'), ','), 'disposition') AS n
),
groups AS (
    SELECT grp, CASE WHEN jsonb_array_length(grp) >= n THEN grp - (n - 1) ELSE grp END AS others, sum(disposed::integer) AS n
    FROM facts, place
    GROUP BY grp, place.n
)
SELECT
    grp,
    n AS numerator,
    sum(n) OVER (PARTITION BY others) AS denominator,
    n / nullif(sum(n) OVER (PARTITION BY others), 0)::float8 AS value
FROM groups
