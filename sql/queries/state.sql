-- Whether what reports read of an account is as it was in a snapshot.

-- name: snapshot() -> one
SELECT pg_current_snapshot()::text;

-- Few rows are looked for where millions are. Not knowing how few, the planner would read whole tables, or plan anew
-- every time, which takes longer than to look.
-- name: expect_few() -> none
SELECT set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true);

-- Whether there is a row now of a transaction that the snapshot did not see. Every such transaction is at or past the
-- oldest that was running then. One that has not begun yet stands on rows that were brought here from another server.
-- name: has_changed(account_id, snapshot) -> one
SELECT EXISTS (
    SELECT
    FROM (
        SELECT changed_xid FROM attempts WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM leads WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM dispositions WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM appointments WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM follow_ups WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM stage_changes WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM spend WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM agent_states WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM inbound_calls WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM cases WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM schedules WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM staff WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM running_costs WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM customers WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM surveys WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM form_items WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM evaluations WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM evaluation_scores WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM shared_calls WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM agents WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM campaigns WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM sources WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM disposition_codes WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM tracking_numbers WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM calendars WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM targets WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM lead_attributes WHERE account_id = $1::integer
        UNION ALL
        SELECT changed_xid FROM exchange_rates WHERE account_id = $1::integer
    ) row
    WHERE changed_xid >= pg_snapshot_xmin($2::text::pg_snapshot)
        AND changed_xid < pg_snapshot_xmax(pg_current_snapshot())
        AND NOT pg_visible_in_snapshot(changed_xid, $2::text::pg_snapshot)
);
