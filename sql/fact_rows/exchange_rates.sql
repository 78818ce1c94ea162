-- Exchange rates, as reports read them. A withdrawn rate is null.
SELECT
    r.base,
    r.quote,
    r.rate_on,
    r.rate,
    r.recorded_at,
    r.superseded_at
FROM fact_rows r
