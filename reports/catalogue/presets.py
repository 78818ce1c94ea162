"""Presets: named sets of metrics that people read together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """A report with a name: its metrics in reading order, and its default breakdown."""

    name: str
    title: str
    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "outbound",
            "Outbound sales",
            (
                "attempts",
                "dial_efficiency",
                "conv_per_conversation",
                "conv_per_lead",
                "appointment_set_rate",
                "median_talk_time",
                "lead_response_time",
                "followup_coverage",
                "pipeline_velocity",
                "revenue_per_day",
                "marketing_roi",
            ),
        ),
        Preset(
            "calls",
            "Calls",
            (
                "attempts",
                "answer_rate",
                "human_rate",
                "dial_efficiency",
                "rpc_rate",
                "conv_per_attempt",
                "conv_per_contact",
                "conv_per_conversation",
                "conv_per_lead",
                "appointment_set_rate",
                "avg_talk_time",
                "median_talk_time",
                "p90_talk_time",
                "avg_hold_time",
                "avg_wrap_time",
            ),
        ),
        Preset(
            "dispositions",
            "Dispositions",
            ("attempts", "disposition_share", "undisposed_share", "unmapped_share", "median_talk_time"),
            by=("disposition",),
        ),
        Preset(
            "follow-up",
            "Follow-up",
            (
                "followup_coverage",
                "callback_kept",
                "callback_backlog",
                "persistence_median",
                "persistence_6",
                "appointments_set",
                "held_rate",
            ),
        ),
        Preset(
            "agent-time",
            "Agent time",
            (
                "agent_hours",
                "occupancy",
                "utilization",
                "attempts_per_hour",
                "contacts_per_hour",
                "appointments_per_hour",
                "sales_per_hour",
            ),
        ),
        Preset(
            "service",
            "Inbound service",
            (
                "offered_calls",
                "answered_calls",
                "abandoned_calls",
                "missed_calls",
                "voicemail_calls",
                "callback_calls",
                "waiting_calls",
                "short_abandoned_calls",
                "unique_callers",
                "first_time_callers",
                "after_hours_share",
                "not_called_back",
                "avg_speed_of_answer",
                "median_speed_of_answer",
                "p90_speed_of_answer",
                "longest_wait",
                "service_level",
                "service_level_answered_only",
                "service_level_negative",
                "service_level_positive",
                "abandonment_rate",
                "abandonment_rate_without_short",
                "still_waiting_20",
                "still_waiting_60",
                "median_patience",
                "avg_handle_time",
                "avg_inbound_talk",
                "avg_inbound_hold",
                "avg_inbound_wrap",
                "first_call_resolution_proxy",
                "transfer_rate",
                "escalation_rate",
                "offer_answer_rate",
            ),
        ),
        Preset(
            "compliance",
            "Dropped calls",
            ("attempts", "dropped_calls", "drop_rate_us", "drop_rate_uk"),
            by=("campaign", "period"),
        ),
        Preset(
            "marketing",
            "Marketing",
            (
                "marketing_cost",
                "cost_per_lead",
                "cost_per_contact",
                "cost_per_appointment",
                "cost_per_sale",
                "cac",
                "attributed_revenue",
                "attributed_gross_profit",
                "roas",
                "marketing_roi",
            ),
            by=("source",),
        ),
        Preset(
            "lead-response",
            "Lead response",
            (
                "leads",
                "open_leads",
                "lead_response_time",
                "called_within_5_min",
                "called_within_1_hour",
                "called_within_24_hours",
                "business_response_time",
                "assigned_response_time",
                "lead_contact_time",
                "list_penetration",
                "contact_penetration",
            ),
        ),
        Preset(
            "pipeline",
            "Pipeline",
            (
                "pipeline_velocity",
                "open_opportunities",
                "deal_value_365",
                "win_rate_365",
                "sales_cycle_365",
                "revenue_per_day",
                "won_deals",
                "won_revenue",
                "win_rate",
                "avg_deal_value",
                "median_deal_value",
                "sales_cycle",
                "time_to_contact",
                "time_to_qualified",
                "time_to_appointment",
                "time_to_sale",
            ),
        ),
    )
}
