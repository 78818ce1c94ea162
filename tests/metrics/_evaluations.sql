-- Evaluations, each with the points of its items.
WITH judged AS (
    SELECT
        e.external_id, e.form, COALESCE(e.form_version, '1') AS form_version, e.evaluated_at, e.evaluator, e.session,
        e.dispute::text, e.auto_failed, e.dialer, COALESCE(e.queue, a.queue) AS queue,
        CASE WHEN e.call IS NULL THEN e.case_id ELSE e.call END AS subject,
        pg_temp.reads_as('agent', COALESCE(e.agent, a.agent, a.disposition_agent)) AS agent,
        pg_temp.reads_as('campaign', a.campaign) AS campaign,
        a.source AS call_source,
        a.tracking_number,
        COALESCE(a.spam OR a.test, a.spam, a.test, false) AS is_test
    FROM evaluations_versions e
    LEFT JOIN every_call_rated a ON a.account_id = e.account_id AND (a.dialer, a.external_id) = (e.dialer, e.call)
        AND pg_temp.is_valid(a.recorded_at, a.superseded_at)
    WHERE e.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(e.recorded_at, e.superseded_at)
        AND e.evaluated_at >= pg_temp.setting('from')::timestamptz AND e.evaluated_at < pg_temp.setting('to')::timestamptz
        AND e.evaluated_at <= pg_temp.setting('until')::timestamptz
        AND e.dispute IS DISTINCT FROM 'voided'
),
placed AS (
    SELECT
        j.*,
        (
            SELECT g.team FROM agents_versions g
            WHERE g.account_id = pg_temp.setting('account')::integer AND g.code = j.agent
                AND pg_temp.is_valid(g.recorded_at, g.superseded_at)
        ) AS team,
        pg_temp.reads_as('source', COALESCE(j.call_source, (
            SELECT c.source FROM campaigns_versions c
            WHERE c.account_id = pg_temp.setting('account')::integer AND c.code = j.campaign
                AND pg_temp.is_valid(c.recorded_at, c.superseded_at)
        ))) AS source
    FROM judged j
),
items AS (
    SELECT
        p.*, s.item, i.section, i.script IS TRUE AS script, i.auto_fail, i.weight,
        CASE WHEN s.points <= i.max_points AND s.not_applicable IS NOT TRUE THEN s.points END AS points,
        i.max_points
    FROM placed p
    LEFT JOIN evaluation_scores_versions s ON s.account_id = pg_temp.setting('account')::integer
        AND s.evaluation = p.external_id AND pg_temp.is_valid(s.recorded_at, s.superseded_at)
    LEFT JOIN form_items_versions i ON i.account_id = pg_temp.setting('account')::integer
        AND (i.form, i.form_version, i.item) = (p.form, p.form_version, s.item)
        AND pg_temp.is_valid(i.recorded_at, i.superseded_at)
),
scores AS (
    SELECT
        external_id,
        bool_or(auto_fail AND points = 0) IS TRUE OR bool_or(auto_failed) IS TRUE AS failed,
        sum(weight * points) AS points,
        sum(weight * max_points) FILTER (WHERE points IS NOT NULL) AS most
    FROM items
    GROUP BY external_id
)
SELECT p.*, s.failed, CASE WHEN s.failed THEN 0 ELSE s.points END AS earned, s.most AS possible
FROM placed p
JOIN scores s USING (external_id)
