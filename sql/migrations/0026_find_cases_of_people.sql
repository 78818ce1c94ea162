-- An erased person's cases: those of their leads, and those with their calls. Comments on these cases are about them.

CREATE FUNCTION cases_of(account_id integer, dialers text[], calls text[], leads text[])
RETURNS TABLE (external_id code)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT k.external_id
    FROM cases k
    WHERE k.account_id = cases_of.account_id AND (
        k.lead = ANY(cases_of.leads)
        OR EXISTS (
            SELECT FROM jsonb_to_recordset(k.calls) c (dialer text, external_id text)
            JOIN unnest(cases_of.dialers, cases_of.calls) f (dialer, call)
                ON f.dialer = c.dialer AND f.call = c.external_id
        )
    );
END;
