-- The items of evaluation forms, as reports read them.
SELECT
    i.form,
    i.form_version,
    i.item,
    i.section,
    i.weight,
    i.max_points,
    i.auto_fail,
    i.script,
    i.from_on,
    i.recorded_at,
    i.superseded_at
FROM fact_rows i
