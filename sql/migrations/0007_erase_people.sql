-- Erasing a person: their number and what was said of them go, from every version; what is counted stays.

-- Who was erased, without saying who: what was found of them, and what of them must not come back.
CREATE TABLE erasures (
    account_id integer NOT NULL REFERENCES accounts,
    id bigint GENERATED ALWAYS AS IDENTITY,
    key_prefix text COLLATE "C",
    leads integer NOT NULL,
    attempts integer NOT NULL,
    dispositions integer NOT NULL,
    rejected_items integer NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, id)
);
COMMENT ON COLUMN erasures.key_prefix IS 'The API key that asked for it; null where the owner of the ledger did.';

CREATE TABLE erased_numbers (
    account_id integer NOT NULL,
    number_id bigint NOT NULL,
    token code NOT NULL,
    erasure bigint NOT NULL,
    PRIMARY KEY (account_id, number_id),
    FOREIGN KEY (account_id, erasure) REFERENCES erasures
);
COMMENT ON COLUMN erased_numbers.number_id IS 'lake_id() of the number, by which it is known when somebody sends it again.';
COMMENT ON COLUMN erased_numbers.token IS 'What stands in its place; begins with erased-, as no number does.';

CREATE TABLE erased_leads (
    account_id integer NOT NULL,
    lead code NOT NULL,
    token code NOT NULL,
    erasure bigint NOT NULL,
    PRIMARY KEY (account_id, lead),
    FOREIGN KEY (account_id, erasure) REFERENCES erasures
);
COMMENT ON COLUMN erased_leads.token IS 'What stands in place of other numbers that the lead is called at.';

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['erasures', 'erased_numbers', 'erased_leads'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY own_account ON %I TO calltally_service'
            ' USING (account_id = (SELECT current_account_id()))'
            ' WITH CHECK (account_id = (SELECT current_account_id()))',
            owned
        );
        EXECUTE format('GRANT SELECT, INSERT ON %I TO calltally_service', owned);
        -- As in 0002: until it is analyzed, a table is expected to hold the rows of one account.
        PERFORM pg_restore_attribute_stats(
            'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
            'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
        );
    END LOOP;
END $$;

-- History is written once. What an erasure takes out of it are these columns, in which nothing is counted.
GRANT UPDATE (phone_number, close_reason, attributes) ON leads_history TO calltally_service;
GRANT UPDATE (to_number, from_number, recording) ON attempts_history TO calltally_service;
GRANT UPDATE (note) ON dispositions_history TO calltally_service;

-- Of the numbers that nobody could read one may be the person's all the same; there are few.
CREATE INDEX leads_by_unread_number ON leads (account_id) WHERE phone_country IS NULL AND phone_number IS NOT NULL;

-- Enters an account and takes its lock: captures share it, so that no number comes in while its person is erased, and
-- no attempt is attributed by an assignment that is being corrected. Answers whether anybody has been erased. A
-- function, because only a statement that begins after the lock was granted sees what its last holder did. Class 7321
-- of the locks is ours, the object is the account.
CREATE FUNCTION enter_account(wanted integer, alone boolean) RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM set_config('calltally.account_id', wanted::text, true);
    IF alone THEN
        PERFORM pg_advisory_xact_lock(7321, wanted);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(7321, wanted);
    END IF;
    RETURN EXISTS (SELECT FROM erasures WHERE account_id = wanted);
END $$;

-- Whether a number stands in a text, whatever its digits are parted by. endings: cheap patterns that leave out nearly
-- everything; digits: patterns of the number's digits in a row.
CREATE FUNCTION tells_number(written text, endings text[], digits text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN written LIKE ANY (endings) AND regexp_replace(written, '[^[:alnum:]]+', '', 'g') LIKE ANY (digits);
