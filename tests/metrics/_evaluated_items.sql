-- Items of evaluations, each with its points and with the ratings of others that it is compared with.
WITH rated AS (
    SELECT
        *,
        CASE WHEN row_number() OVER (
            PARTITION BY dialer, subject, form, form_version, item, evaluator, is_test, points IS NULL
            ORDER BY evaluated_at DESC, external_id DESC
        ) = 1 THEN points / max_points END AS rating
    FROM judged_items
    WHERE item IS NOT NULL
)
SELECT r.*, o.others, o.apart
FROM rated r
CROSS JOIN LATERAL (
    -- The pairs of this rating with each other rating of the same item of the same call.
    SELECT count(*) AS others, avg((r.rating - o.rating) ^ 2) AS apart
    FROM rated o
    WHERE o.external_id <> r.external_id AND NOT o.is_test AND o.rating IS NOT NULL AND r.rating IS NOT NULL
        AND o.dialer IS NOT DISTINCT FROM r.dialer AND o.subject = r.subject
        AND (o.form, o.form_version, o.item) = (r.form, r.form_version, r.item)
) o
