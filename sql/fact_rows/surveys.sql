-- Surveys, as reports read them: without the words of the answer.
SELECT
    s.external_id,
    s.kind,
    s.scale,
    s.asked_at,
    s.delivered,
    s.answered_at,
    s.score,
    s.dialer,
    s.call,
    s.case_id,
    s.lead,
    s.agent,
    s.queue,
    s.recorded_at,
    s.superseded_at
FROM fact_rows s
