-- Every version of everything, current ones without an end: what a report as of some moment chooses from.
--
-- A version was believed at T when recorded_at <= T AND superseded_at > T. The views are read with the rights and the
-- row-level security of whoever asks.

DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY[
        'sources', 'campaigns', 'agents', 'disposition_codes', 'tracking_numbers', 'tracking_number_assignments',
        'leads', 'attempts', 'dispositions', 'appointments', 'follow_ups', 'stage_changes', 'spend', 'agent_states'
    ] LOOP
        EXECUTE format(
            'CREATE VIEW %I WITH (security_invoker = true) AS'
            ' SELECT *, timestamptz ''infinity'' AS superseded_at FROM %I UNION ALL SELECT * FROM %I',
            kept || '_versions', kept, kept || '_history'
        );
        EXECUTE format('GRANT SELECT ON %I TO calltally_service', kept || '_versions');
    END LOOP;
END $$;
