-- Evaluations, as reports read them: without the words of the evaluator.
SELECT
    e.external_id,
    e.form,
    e.form_version,
    e.evaluated_at,
    e.evaluator,
    e.dialer,
    e.call,
    e.case_id,
    e.agent,
    e.queue,
    e.session,
    e.auto_failed,
    e.dispute_at,
    e.dispute,
    e.recorded_at,
    e.superseded_at
FROM fact_rows e
