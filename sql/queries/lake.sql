-- Keeping the lake: whose there are, whose turn it is, and what must not be kept for late readers.

-- Demo floors are not copied: nothing of one stays anywhere once it is removed.
-- name: accounts() -> many
SELECT account_id, code FROM list_accounts() WHERE NOT is_demo(account_id);

-- One at a time brings an account's lake up to date. Class 7322 of the locks is ours, the object is the account.
-- name: try_lock(account_id) -> one
SELECT pg_try_advisory_lock(7322, $1::integer) AS locked;

-- name: lock(account_id) -> one
SELECT pg_advisory_lock(7322, $1::integer);

-- name: unlock(account_id) -> one
SELECT pg_advisory_unlock(7322, $1::integer) AS unlocked;

-- Twice as long as replaced files are kept, so that those of an erasure go at once even when the first sync after it
-- did not get so far.
-- name: erased_recently(account_id) -> one
SELECT EXISTS (
    SELECT FROM erasures WHERE account_id = $1::integer AND recorded_at > now() - interval '2 hours'
) AS erased;
