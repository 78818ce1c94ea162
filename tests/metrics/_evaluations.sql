-- Evaluations, each with the points of its items.
SELECT p.*, s.failed, CASE WHEN s.failed THEN 0 ELSE s.points END AS earned, s.most AS possible
FROM judged_evaluations p
JOIN judged_scores s USING (external_id)
