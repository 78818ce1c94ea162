-- Agents and the days, in the zone of the report, on which they were logged in.
SELECT grp, count(*) AS numerator, NULL::bigint AS denominator, count(*) AS value
FROM (
    SELECT DISTINCT grp, agent, (from_at AT TIME ZONE pg_temp.setting('zone'))::date AS on_day
    FROM facts
    WHERE state <> 'offline'
) d
GROUP BY grp
