-- Statements of the capture path that belong to no single fact.

-- The merges are planned once a connection: a plan made for one batch is as good for the next, and making it costs more
-- than running it. The plan has to be good also for a table that has grown since: each item goes to its row by the key,
-- and no way reads the whole table.
-- name: begin(account_id, alone, actor) -> one
SELECT
    ARRAY(
        SELECT c.relname::text
        FROM pg_class c
        WHERE c.relnamespace = pg_my_temp_schema() AND c.relname LIKE 'incoming\_%'
    ) AS stages,
    enter_account($1::integer, $2::boolean) AS erased,
    set_config('calltally.actor', $3::text, true),
    set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('enable_seqscan', 'off', true),
    set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true);

-- name: mention_sources(account_id, codes) -> none
INSERT INTO sources (account_id, code)
SELECT $1, code FROM unnest($2::text[]) AS mentioned (code)
ON CONFLICT DO NOTHING;

-- name: mention_campaigns(account_id, codes) -> none
INSERT INTO campaigns (account_id, code)
SELECT $1, code FROM unnest($2::text[]) AS mentioned (code)
ON CONFLICT DO NOTHING;

-- name: mention_agents(account_id, codes) -> none
INSERT INTO agents (account_id, code)
SELECT $1, code FROM unnest($2::text[]) AS mentioned (code)
ON CONFLICT DO NOTHING;

-- name: mention_disposition_codes(account_id, codes) -> none
INSERT INTO disposition_codes (account_id, code)
SELECT $1, code FROM unnest($2::text[]) AS mentioned (code)
ON CONFLICT DO NOTHING;

-- name: keep_rejected(account_id, resources, indexes, external_ids, raws, sizes, problems, key_prefixes, request_ids) -> none
INSERT INTO rejected_items (
    account_id,
    resource,
    item_index,
    external_id,
    raw,
    raw_bytes,
    problem,
    key_prefix,
    request_id
)
SELECT
    $1,
    resource,
    item_index,
    external_id,
    raw,
    raw_bytes,
    problem::jsonb,
    key_prefix,
    request_id
FROM unnest($2::text[], $3::integer[], $4::text[], $5::bytea[], $6::integer[], $7::text[], $8::text[], $9::text[])
    AS rejected (resource, item_index, external_id, raw, raw_bytes, problem, key_prefix, request_id);

-- What the ledger knows of one account, for reading what is sent to it.
-- name: account(account_id) -> one
SELECT
    a.code,
    a.name,
    a.zone,
    a.region,
    a.currency,
    ARRAY(SELECT c.code::text FROM campaigns c WHERE c.account_id = $1 AND c.region IS NOT NULL ORDER BY c.code) AS campaigns,
    ARRAY(SELECT c.region::text FROM campaigns c WHERE c.account_id = $1 AND c.region IS NOT NULL ORDER BY c.code) AS regions
FROM accounts a
WHERE a.account_id = $1;
