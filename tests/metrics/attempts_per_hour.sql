-- Where either is missing there is nothing to say; nor where calls are told apart by what time has not.
SELECT
    grp,
    o.value AS numerator,
    u.value AS denominator,
    o.value / nullif(u.value, 0) AS value
FROM part_attempts o
FULL JOIN part_available_hours u USING (grp)
WHERE grp = '[]' OR NOT string_to_array(pg_temp.asked('by'), ',') && '{campaign,source,tracking_number}'
