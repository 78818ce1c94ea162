-- Writing a simulated floor, as the owner of the ledger.

-- name: is_used(account_id) -> one
SELECT EXISTS (SELECT FROM attempts WHERE account_id = $1::integer)
    OR EXISTS (SELECT FROM leads WHERE account_id = $1::integer)
    OR EXISTS (SELECT FROM campaigns WHERE account_id = $1::integer);

-- Nobody else may take ids until the transaction has ended.
-- name: stop_others() -> none
LOCK TABLE attempts, leads IN SHARE ROW EXCLUSIVE MODE;

-- So many ids are taken for rows that will be copied with ids of their own; answers the last one taken of each.
-- name: take_ids(attempts, leads) -> one
SELECT
    setval('attempts_id_seq', nextval('attempts_id_seq') + $1::bigint) AS last_attempt,
    setval('leads_id_seq', nextval('leads_id_seq') + $2::bigint) AS last_lead,
    pg_current_xact_id()::text AS xid;

-- Every row belongs to an account that cannot go, since what was configured belongs to it: to look that up again for each
-- row would be a quarter of the work. Only a superuser may say so; for others it is looked up.
-- name: trust_account() -> one
SELECT has_parameter_privilege('session_replication_role', 'SET')
    AND set_config('session_replication_role', 'replica', false) IS NOT NULL;
