-- Leads never reached: their calls counted, and the one after which there is none.
WITH calls AS MATERIALIZED (
    SELECT * FROM pg_temp.every_call('-infinity', 'infinity') c
    WHERE c.dialed_at <= pg_temp.setting('until')::timestamptz AND c.lead IS NOT NULL
        AND c.network_result <> ALL ('{cancelled,blocked}')
),
lives AS (
    SELECT
        lead, is_test, count(*) AS attempts,
        bool_or((party, answered_by, handled) = ('right_party', 'human', 'agent')) AS reached,
        bool_or(pg_temp.may_be_right(network_result, answered_by, handled, party, disposed, result, is_open)) AS perhaps_reached,
        bool_or(result = 'do_not_call') AS refused
    FROM calls
    GROUP BY lead, is_test
)
SELECT
    v.lead, v.is_test, v.attempts, v.perhaps_reached,
    c.agent, c.team, c.campaign, c.source, c.tracking_number, c.dialed_at,
    NOT v.refused AND (
        c.dialed_at + interval '336 hours' <= pg_temp.setting('until')::timestamptz
        OR EXISTS (
            SELECT FROM every_lead l
            WHERE l.account_id = pg_temp.setting('account')::integer AND l.external_id = v.lead
                AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
                AND l.closed_at <= pg_temp.setting('until')::timestamptz
        )
    ) AS given_up
FROM lives v
JOIN calls c USING (lead, is_test)
WHERE NOT v.reached AND NOT EXISTS (
        SELECT FROM calls n
        WHERE n.lead = v.lead AND n.is_test = v.is_test
            AND (n.dialed_at, n.dialer, n.external_id) > (c.dialed_at, c.dialer, c.external_id)
    )
    AND c.dialed_at >= pg_temp.setting('from')::timestamptz AND c.dialed_at < pg_temp.setting('to')::timestamptz
