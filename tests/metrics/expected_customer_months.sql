-- months below the curve of those who stay, up to five years or the last time seen
SELECT grp, numerator, denominator, area / 377580 AS value
FROM (
    SELECT
        grp,
        count(*) FILTER (WHERE ended AND life <= 60 * 377580) AS numerator,
        count(*) AS denominator,
        array_agg(life) AS lives,
        array_agg(ended) AS ends
    FROM facts
    WHERE monthly
    GROUP BY grp
) waits
CROSS JOIN LATERAL (
    SELECT sum(coalesce(share_before, 1) * (least(at, 60 * 377580) - least(coalesce(at_before, 0), 60 * 377580))) AS area
    FROM (
        SELECT at, lag(share) OVER step AS share_before, lag(at) OVER step AS at_before
        FROM pg_temp.still_waiting(lives, ends) WITH ORDINALITY s (at, share, place)
        WINDOW step AS (ORDER BY place)
    ) steps
) curve
