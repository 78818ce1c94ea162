-- The numbers of `outbound`, by agent and source, over resolved rows. DuckDB and PostgreSQL run the same text.
WITH call_cells AS (
    SELECT
        agent,
        source,
        CAST(count(*) AS float8) AS attempts,
        CAST(count(*) FILTER (WHERE valid AND spoken) AS float8) / nullif(count(*) FILTER (WHERE valid), 0)
            AS dial_efficiency,
        CAST(count(*) FILTER (WHERE conversation AND sale) AS float8)
            / nullif(count(*) FILTER (WHERE conversation), 0) AS conv_per_conversation,
        CAST(count(*) FILTER (WHERE conversation AND appointment) AS float8)
            / nullif(count(*) FILTER (WHERE conversation), 0) AS appointment_set_rate
    FROM calls
    GROUP BY agent, source
),
talk_cells AS (
    SELECT agent, source, percentile_cont(0.5) WITHIN GROUP (ORDER BY talk_ms) / 1000 AS median_talk_time
    FROM calls
    WHERE talk_ms IS NOT NULL
    GROUP BY agent, source
),
called_leads AS (
    SELECT agent, source, lead, max(CASE WHEN sale THEN 1 ELSE 0 END) AS sold
    FROM calls
    WHERE lead IS NOT NULL
    GROUP BY agent, source, lead
),
lead_cells AS (
    SELECT agent, source, CAST(sum(sold) AS float8) / count(*) AS conv_per_lead
    FROM called_leads
    GROUP BY agent, source
),
-- Kaplan-Meier: each first call takes its share of the leads that still wait.
waits AS (
    SELECT
        agent,
        source,
        response_ms,
        called,
        row_number() OVER (PARTITION BY agent, source ORDER BY response_ms DESC, called) AS waiting
    FROM leads
    WHERE response_ms IS NOT NULL
),
curves AS (
    SELECT
        agent,
        source,
        response_ms,
        exp(sum(ln(greatest(CAST(waiting - 1 AS float8) / waiting, 1e-300))) OVER (
            PARTITION BY agent, source ORDER BY response_ms ROWS UNBOUNDED PRECEDING
        )) AS share
    FROM waits
    WHERE called
),
response_cells AS (
    SELECT agent, source, CAST(min(response_ms) AS float8) / 1000 AS lead_response_time
    FROM curves
    WHERE share <= 0.5 + 1e-9
    GROUP BY agent, source
),
contact_cells AS (
    SELECT
        agent,
        source,
        CAST(count(*) FILTER (WHERE due AND followed) AS float8) / nullif(count(*) FILTER (WHERE due), 0)
            AS followup_coverage
    FROM contacts
    GROUP BY agent, source
),
open_cells AS (
    SELECT agent, source, CAST(count(*) AS float8) AS open_deals
    FROM open_deals
    GROUP BY agent, source
),
year_cells AS (
    SELECT
        agent,
        source,
        CAST(sum(amount) FILTER (WHERE won) AS float8) / count(amount) FILTER (WHERE won) / 10000 AS deal_value,
        CAST(count(*) FILTER (WHERE won) AS float8) / count(*) AS win_rate,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN won THEN cycle_ms END) / 86400000 AS sales_cycle
    FROM year_deals
    GROUP BY agent, source
),
won_cells AS (
    SELECT agent, source, CAST(sum(amount_a_day) AS float8) / 1000000 AS revenue_per_day
    FROM won_deals
    GROUP BY agent, source
),
cost_cells AS (
    SELECT agent, source, CAST(sum(cost) AS float8) AS cost
    FROM costs
    GROUP BY agent, source
),
first_credit_cells AS (
    SELECT agent, source, CAST(sum(profit) AS float8) AS profit
    FROM credits_lead_creation
    GROUP BY agent, source
),
shared_credit_cells AS (
    SELECT agent, source, CAST(sum(profit) AS float8) AS profit
    FROM credits_linear
    GROUP BY agent, source
)
SELECT
    agent,
    source,
    attempts,
    dial_efficiency,
    conv_per_conversation,
    conv_per_lead,
    appointment_set_rate,
    median_talk_time,
    lead_response_time,
    followup_coverage,
    open_deals * deal_value * win_rate / nullif(sales_cycle, 0) AS pipeline_velocity,
    revenue_per_day,
    CASE WHEN cost > 0 THEN (coalesce(f.profit, 0) - cost) / cost END AS marketing_roi_lead_creation,
    CASE WHEN cost > 0 THEN (coalesce(s.profit, 0) - cost) / cost END AS marketing_roi_linear
FROM call_cells
FULL JOIN talk_cells USING (agent, source)
FULL JOIN lead_cells USING (agent, source)
FULL JOIN response_cells USING (agent, source)
FULL JOIN contact_cells USING (agent, source)
FULL JOIN open_cells USING (agent, source)
FULL JOIN year_cells USING (agent, source)
FULL JOIN won_cells USING (agent, source)
FULL JOIN cost_cells USING (agent, source)
FULL JOIN first_credit_cells f USING (agent, source)
FULL JOIN shared_credit_cells s USING (agent, source)
ORDER BY agent, source
