-- Emptying comments of surveys and evaluations, and notes on shared calls: the words of an erased person, and words about
-- them. As in erasures.sql,
-- versions are rewritten in place, and only the current row is marked as changed.

-- The comments on these calls and of these leads, also on their cases, and those that tell the number.
-- name: erase_comments(account_id, dialers, calls, leads, endings, digits) -> one
WITH theirs AS MATERIALIZED (
    SELECT f.dialer, f.call
    FROM unnest($2::text[], $3::text[]) f (dialer, call)
    WHERE EXISTS (
        SELECT FROM attempts a
        WHERE a.account_id = $1 AND a.dialer = f.dialer AND a.external_id = f.call
            AND (a.to_number LIKE 'erased-%' OR a.from_number LIKE 'erased-%' OR a.lead = ANY($4::text[]))
    ) OR EXISTS (
        SELECT FROM inbound_calls c
        WHERE c.account_id = $1 AND c.dialer = f.dialer AND c.external_id = f.call
            AND (c.from_number LIKE 'erased-%' OR c.lead = ANY($4::text[]))
    )
),
their_cases AS MATERIALIZED (
    SELECT k.external_id
    FROM cases_of(
        $1, ARRAY(SELECT t.dialer FROM theirs t), ARRAY(SELECT t.call FROM theirs t), $4::text[]
    ) k
),
commented AS MATERIALIZED (
    SELECT DISTINCT v.external_id
    FROM surveys_versions v
    JOIN surveys s ON s.account_id = $1 AND s.external_id = v.external_id
    WHERE v.account_id = $1 AND v.comment IS NOT NULL AND (
        s.lead = ANY($4::text[])
        OR (s.dialer, s.call) IN (SELECT t.dialer, t.call FROM theirs t)
        OR s.case_id IN (SELECT k.external_id FROM their_cases k)
        OR tells_number(v.comment, $5, $6)
    )
),
judged AS MATERIALIZED (
    SELECT DISTINCT v.external_id
    FROM evaluations_versions v
    JOIN evaluations e ON e.account_id = $1 AND e.external_id = v.external_id
    WHERE v.account_id = $1 AND v.comment IS NOT NULL AND (
        (e.dialer, e.call) IN (SELECT t.dialer, t.call FROM theirs t)
        OR e.case_id IN (SELECT k.external_id FROM their_cases k)
        OR tells_number(v.comment, $5, $6)
    )
),
shared AS MATERIALIZED (
    SELECT DISTINCT v.external_id
    FROM shared_calls_versions v
    JOIN shared_calls c ON c.account_id = $1 AND c.external_id = v.external_id
    WHERE v.account_id = $1 AND v.note IS NOT NULL AND (
        (c.dialer, c.call) IN (SELECT t.dialer, t.call FROM theirs t)
        OR tells_number(v.note, $5, $6)
    )
),
surveys_before AS (
    UPDATE surveys_history h SET comment = NULL
    FROM commented c
    WHERE h.account_id = $1 AND h.external_id = c.external_id
),
evaluations_before AS (
    UPDATE evaluations_history h SET comment = NULL
    FROM judged j
    WHERE h.account_id = $1 AND h.external_id = j.external_id
),
shared_before AS (
    UPDATE shared_calls_history h SET note = NULL
    FROM shared s
    WHERE h.account_id = $1 AND h.external_id = s.external_id
),
surveys_now AS (
    UPDATE surveys s
    SET comment = NULL, stamps = NULLIF(s.stamps - 'comment', '{}'), digests = '{}', changed_xid = pg_current_xact_id()
    FROM commented c
    WHERE s.account_id = $1 AND s.external_id = c.external_id
    RETURNING 1
),
evaluations_now AS (
    UPDATE evaluations e
    SET comment = NULL, stamps = NULLIF(e.stamps - 'comment', '{}'), digests = '{}', changed_xid = pg_current_xact_id()
    FROM judged j
    WHERE e.account_id = $1 AND e.external_id = j.external_id
    RETURNING 1
),
shared_now AS (
    UPDATE shared_calls c
    SET note = NULL, stamps = NULLIF(c.stamps - 'note', '{}'), digests = '{}', changed_xid = pg_current_xact_id()
    FROM shared s
    WHERE c.account_id = $1 AND c.external_id = s.external_id
    RETURNING 1
)
SELECT (
    (SELECT count(*) FROM surveys_now) + (SELECT count(*) FROM evaluations_now) + (SELECT count(*) FROM shared_now)
)::integer;

-- Surveys about calls that turn out to be an erased person's, of leads that do, and of cases with either.
-- name: empty_surveys(account_id, dialers, calls, leads) -> none
WITH commented AS MATERIALIZED (
    SELECT DISTINCT v.external_id
    FROM (
        SELECT s.external_id
        FROM unnest($2::text[], $3::text[]) f (dialer, call)
        JOIN surveys s ON s.account_id = $1 AND s.dialer = f.dialer AND s.call = f.call
        UNION
        SELECT s.external_id FROM surveys s WHERE s.account_id = $1 AND s.lead = ANY($4::text[])
        UNION
        SELECT s.external_id
        FROM cases_of($1, $2::text[], $3::text[], $4::text[]) k
        JOIN surveys s ON s.account_id = $1 AND s.case_id = k.external_id
    ) theirs
    JOIN surveys_versions v ON v.account_id = $1 AND v.external_id = theirs.external_id AND v.comment IS NOT NULL
),
before AS (
    UPDATE surveys_history h SET comment = NULL
    FROM commented c
    WHERE h.account_id = $1 AND h.external_id = c.external_id
)
UPDATE surveys s
SET comment = NULL, stamps = NULLIF(s.stamps - 'comment', '{}'), digests = '{}', changed_xid = pg_current_xact_id()
FROM commented c
WHERE s.account_id = $1 AND s.external_id = c.external_id;

-- name: empty_evaluations(account_id, dialers, calls, leads) -> none
WITH judged AS MATERIALIZED (
    SELECT DISTINCT v.external_id
    FROM (
        SELECT e.external_id
        FROM unnest($2::text[], $3::text[]) f (dialer, call)
        JOIN evaluations e ON e.account_id = $1 AND e.dialer = f.dialer AND e.call = f.call
        UNION
        SELECT e.external_id
        FROM cases_of($1, $2::text[], $3::text[], $4::text[]) k
        JOIN evaluations e ON e.account_id = $1 AND e.case_id = k.external_id
    ) theirs
    JOIN evaluations_versions v ON v.account_id = $1 AND v.external_id = theirs.external_id AND v.comment IS NOT NULL
),
before AS (
    UPDATE evaluations_history h SET comment = NULL
    FROM judged j
    WHERE h.account_id = $1 AND h.external_id = j.external_id
)
UPDATE evaluations e
SET comment = NULL, stamps = NULLIF(e.stamps - 'comment', '{}'), digests = '{}', changed_xid = pg_current_xact_id()
FROM judged j
WHERE e.account_id = $1 AND e.external_id = j.external_id;

-- name: empty_shared_calls(account_id, dialers, calls) -> none
WITH shared AS MATERIALIZED (
    SELECT DISTINCT v.external_id
    FROM unnest($2::text[], $3::text[]) f (dialer, call)
    JOIN shared_calls c ON c.account_id = $1 AND c.dialer = f.dialer AND c.call = f.call
    JOIN shared_calls_versions v ON v.account_id = $1 AND v.external_id = c.external_id AND v.note IS NOT NULL
),
before AS (
    UPDATE shared_calls_history h SET note = NULL
    FROM shared s
    WHERE h.account_id = $1 AND h.external_id = s.external_id
)
UPDATE shared_calls c
SET note = NULL, stamps = NULLIF(c.stamps - 'note', '{}'), digests = '{}', changed_xid = pg_current_xact_id()
FROM shared s
WHERE c.account_id = $1 AND c.external_id = s.external_id;
