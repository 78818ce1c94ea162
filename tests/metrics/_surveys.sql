-- Surveys, each resolved from its own row, its call's and its lead's; without those that no number counts.
WITH surveyed AS (
    SELECT
        s.external_id,
        s.kind::text,
        COALESCE(s.scale, CASE s.kind WHEN 'csat' THEN '1-5' WHEN 'nps' THEN '0-10' ELSE '1-7' END) AS scale,
        s.score,
        s.answered_at,
        s.delivered,
        COALESCE(s.queue, a.queue) AS queue,
        num_nonnulls(s.call, s.case_id, s.agent) > 0 AS about_contact,
        CASE WHEN a.called_at IS NOT NULL THEN a.called_at WHEN s.asked_at IS NOT NULL THEN s.asked_at ELSE s.answered_at END AS at,
        COALESCE(s.lead, a.lead) AS lead,
        pg_temp.reads_as('agent', COALESCE(s.agent, a.agent, a.disposition_agent)) AS agent,
        a.campaign AS call_campaign,
        a.source AS call_source,
        a.tracking_number,
        a.spam,
        a.test
    FROM surveys_versions s
    LEFT JOIN every_call_rated a ON a.account_id = s.account_id AND (a.dialer, a.external_id) = (s.dialer, s.call)
    AND pg_temp.is_valid(a.recorded_at, a.superseded_at)
    AND COALESCE(s.asked_at, s.answered_at) - a.called_at BETWEEN interval '-1 day' AND interval '30 days'
    WHERE s.account_id = pg_temp.setting('account')::integer AND pg_temp.is_valid(s.recorded_at, s.superseded_at)
        AND COALESCE(s.asked_at, s.answered_at) <= pg_temp.setting('until')::timestamptz
),
told AS (
    SELECT
        s.*,
        l.source AS lead_source,
        pg_temp.reads_as('campaign', CASE WHEN s.call_campaign IS NULL THEN l.campaign ELSE s.call_campaign END) AS campaign,
        CASE WHEN s.spam THEN true WHEN s.test IS NULL THEN l.test IS TRUE ELSE s.test END AS is_test,
        (s.answered_at <= pg_temp.setting('until')::timestamptz AND s.score IS NOT NULL
            AND s.score >= split_part(s.scale, '-', 1)::numeric AND s.score <= split_part(s.scale, '-', 2)::numeric) IS TRUE AS answered
    FROM surveyed s
    LEFT JOIN every_lead l ON l.account_id = pg_temp.setting('account')::integer AND l.external_id = s.lead
        AND pg_temp.is_valid(l.recorded_at, l.superseded_at)
)
SELECT
    t.external_id, t.lead, t.kind, t.scale, t.score, t.answered, t.about_contact, t.at, t.is_test, t.agent, t.campaign,
    t.tracking_number, t.queue,
    (
        SELECT g.team FROM agents_versions g
        WHERE g.account_id = pg_temp.setting('account')::integer AND g.code = t.agent
            AND pg_temp.is_valid(g.recorded_at, g.superseded_at)
    ) AS team,
    pg_temp.reads_as('source', COALESCE(t.call_source, t.lead_source, (
        SELECT c.source FROM campaigns_versions c
        WHERE c.account_id = pg_temp.setting('account')::integer AND c.code = t.campaign
            AND pg_temp.is_valid(c.recorded_at, c.superseded_at)
    ))) AS source,
    NULL::text AS evaluator,
    NULL::text AS form,
    NULL::text AS form_version
FROM told t
WHERE t.at >= pg_temp.setting('from')::timestamptz AND t.at < pg_temp.setting('to')::timestamptz
    AND t.delivered IS NOT FALSE
    AND NOT (t.answered AND (
        SELECT count(*) FROM told o
        WHERE o.lead = t.lead AND o.kind = t.kind AND o.answered
            AND (o.answered_at, o.external_id) < (t.answered_at, t.external_id)
            AND o.answered_at >= t.answered_at - interval '30 days'
    ) >= 3)
