-- Calls scored by several evaluators in one calibration session.
SELECT
    session, dialer, subject, form, form_version, NULL::text AS evaluator, NULL::text AS section, NULL::text AS item, false AS is_test, min(evaluated_at) AS evaluated_at,
    (array_agg(agent ORDER BY evaluated_at, external_id) FILTER (WHERE agent IS NOT NULL))[1] AS agent,
    (array_agg(team ORDER BY evaluated_at, external_id) FILTER (WHERE team IS NOT NULL))[1] AS team,
    (array_agg(campaign ORDER BY evaluated_at, external_id) FILTER (WHERE campaign IS NOT NULL))[1] AS campaign,
    (array_agg(source ORDER BY evaluated_at, external_id) FILTER (WHERE source IS NOT NULL))[1] AS source,
    (array_agg(tracking_number ORDER BY evaluated_at, external_id) FILTER (WHERE tracking_number IS NOT NULL))[1] AS tracking_number,
    (array_agg(queue ORDER BY evaluated_at, external_id) FILTER (WHERE queue IS NOT NULL))[1] AS queue,
    max(share) - min(share) AS gap
FROM (
    SELECT p.*, CASE WHEN s.failed THEN 0 ELSE s.points END / s.most AS share
    FROM judged_evaluations p
    JOIN judged_scores s USING (external_id)
    WHERE p.session IS NOT NULL AND p.subject IS NOT NULL AND s.most > 0 AND NOT p.is_test
) shares
GROUP BY session, dialer, subject, form, form_version
HAVING count(DISTINCT evaluator) > 1
