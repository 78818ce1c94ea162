-- The demo floor of an account, and the first steps of a new one.

-- Null: the account has calls of its own, or a demo floor, or is one.
-- name: make(zone, calls) -> one
SELECT make_demo_account($1, $2) AS demo_account_id;

-- name: find(account_id) -> optional
SELECT
    demo_account_id,
    state::text AS state,
    calls,
    changed_at,
    now() - changed_at > interval '2 minutes' AS is_old
FROM demo_floors
WHERE account_id = $1;

-- name: set_state(account_id, state) -> none
UPDATE demo_floors
SET state = $2::text::demo_state, changed_at = now()
WHERE account_id = $1;

-- name: take_ids(attempts, leads) -> one
SELECT
    last_attempt,
    last_lead,
    xid
FROM take_demo_ids($1, $2);

-- name: remove() -> one
SELECT remove_demo_account() AS removed;

-- name: has_calls(account_id) -> one
SELECT has_calls($1) AS has_calls;

-- name: key(account_id) -> optional
SELECT prefix FROM api_keys WHERE account_id = $1 AND name = 'demo floor' AND revoked_at IS NULL;
