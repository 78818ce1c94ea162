-- messages
SELECT grp, count(*) FILTER (WHERE outcome = 'voicemail') AS numerator, NULL::bigint AS denominator,
    count(*) FILTER (WHERE outcome = 'voicemail') AS value
FROM facts
GROUP BY grp
