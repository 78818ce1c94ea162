-- distinct handled calls with a known hold
SELECT grp, count(DISTINCT (dialer, external_id)) AS numerator, NULL::bigint AS denominator,
    count(DISTINCT (dialer, external_id)) AS value
FROM facts
WHERE talked_ms IS NOT NULL AND tells_hold
GROUP BY grp
