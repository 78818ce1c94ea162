-- Quality: what customers answer when they are asked, and how evaluators score calls by a form.

CREATE TYPE survey_kind AS ENUM ('csat', 'nps', 'ces');
CREATE TYPE dispute AS ENUM ('open', 'rejected', 'corrected', 'voided');

CREATE TABLE surveys (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    kind survey_kind,
    scale text COLLATE "C",
    asked_at timestamptz,
    delivered boolean,
    answered_at timestamptz,
    score numeric(20, 4),
    comment text,
    dialer code,
    call code,
    case_id code,
    lead code,
    agent code,
    queue code,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);
COMMENT ON COLUMN surveys.scale IS 'The lowest and the highest score: 1-5, 0-10. Answers of different scales are never pooled.';
-- An erasure finds the comments on the calls and of the leads of a person.
CREATE INDEX surveys_by_call ON surveys (account_id, dialer, call) WHERE call IS NOT NULL;
CREATE INDEX surveys_by_lead ON surveys (account_id, lead) WHERE lead IS NOT NULL;

CREATE TABLE form_items (
    account_id integer NOT NULL REFERENCES accounts,
    form code NOT NULL,
    form_version code NOT NULL,
    item code NOT NULL,
    section code,
    weight numeric(20, 4),
    max_points numeric(20, 4),
    auto_fail boolean,
    script boolean,
    from_on date,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, form, form_version, item)
);
COMMENT ON COLUMN form_items.auto_fail IS 'Whether no points for this item take all points from the evaluation.';

CREATE TABLE evaluations (
    account_id integer NOT NULL REFERENCES accounts,
    external_id code NOT NULL,
    form code,
    form_version code,
    evaluated_at timestamptz,
    evaluator code,
    dialer code,
    call code,
    case_id code,
    agent code,
    queue code,
    session code,
    auto_failed boolean,
    comment text,
    dispute_at timestamptz,
    dispute dispute,
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, external_id)
);
COMMENT ON COLUMN evaluations.session IS 'The calibration session: several evaluators score the same call.';
CREATE INDEX evaluations_by_call ON evaluations (account_id, dialer, call) WHERE call IS NOT NULL;

CREATE TABLE evaluation_scores (
    account_id integer NOT NULL REFERENCES accounts,
    evaluation code NOT NULL,
    item code NOT NULL,
    evaluated_at timestamptz,
    not_applicable boolean,
    points numeric(20, 4),
    observed_at timestamptz NOT NULL,
    stamps jsonb,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account_id, evaluation, item)
);

-- What every table of facts has: versions, digests of its observations, rights, and ways to what changed.
DO $$
DECLARE
    fact text;
    owned text;
BEGIN
    FOREACH fact IN ARRAY ARRAY['surveys', 'form_items', 'evaluations', 'evaluation_scores'] LOOP
        EXECUTE format('CREATE TABLE %I (LIKE %I)', fact || '_history', fact);
        EXECUTE format(
            'ALTER TABLE %I ADD COLUMN superseded_at timestamptz NOT NULL,'
            ' ADD CONSTRAINT %I CHECK (superseded_at > recorded_at), ADD %s',
            fact || '_history',
            fact || '_history_was_believed',
            (
                SELECT replace(pg_get_constraintdef(c.oid), ')', ', recorded_at)')
                FROM pg_constraint c
                WHERE c.conrelid = fact::regclass AND c.contype = 'p'
            )
        );
        EXECUTE format(
            'CREATE VIEW %I WITH (security_invoker = true) AS'
            ' SELECT *, timestamptz ''infinity'' AS superseded_at FROM %I UNION ALL SELECT * FROM %I',
            fact || '_versions', fact, fact || '_history'
        );
        EXECUTE format('ALTER TABLE %I ADD COLUMN digests bigint[]', fact);
        EXECUTE format(
            'COMMENT ON COLUMN %I.digests IS %L',
            fact,
            'Digests of its observations, newest first: a repetition of a known one changes nothing. Null: its values are'
            ' those of one observation.'
        );
        -- Sync, and a report on top of the copy, find what changed since the copy by its transaction.
        EXECUTE format('CREATE INDEX %I ON %I (account_id, changed_xid)', fact || '_by_changed_xid', fact);
        EXECUTE format('GRANT SELECT ON %I TO calltally_service', fact || '_versions');
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO calltally_service', fact);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO calltally_service', fact || '_history');
        FOREACH owned IN ARRAY ARRAY[fact, fact || '_history'] LOOP
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
            EXECUTE format(
                'CREATE POLICY own_account ON %I TO calltally_service'
                ' USING (account_id = (SELECT current_account_id()))'
                ' WITH CHECK (account_id = (SELECT current_account_id()))',
                owned
            );
            -- As in 0020: all rows of a table may belong to one account.
            EXECUTE format('ALTER TABLE %I ALTER COLUMN account_id SET STATISTICS 0', owned);
            PERFORM pg_restore_attribute_stats(
                'schemaname', 'public', 'relname', owned, 'attname', 'account_id', 'inherited', false,
                'null_frac', 0::real, 'avg_width', 4, 'n_distinct', 1::real
            );
        END LOOP;
    END LOOP;
END $$;

-- Comments are words of people and about people. An erasure empties them, and replaces an agent that is a number: a row
-- tells the call's agent and its evaluator.
GRANT UPDATE (comment, agent) ON surveys_history TO calltally_service;
GRANT UPDATE (comment, agent, evaluator) ON evaluations_history TO calltally_service;
ALTER TABLE erasures ADD COLUMN comments integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN erasures.comments IS 'Surveys and evaluations with a comment on the person, or by them.';
