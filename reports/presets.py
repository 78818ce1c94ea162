"""Named sets of metrics: what people ask for together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """A report with a name: its metrics in the order they are read."""

    name: str
    title: str
    metrics: tuple[str, ...]


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "outbound",
            "Outbound calls",
            (
                "attempts",
                "answer_rate",
                "dial_efficiency",
                "conv_per_attempt",
                "conv_per_conversation",
                "conv_per_lead",
                "appointment_set_rate",
                "avg_talk_time",
                "median_talk_time",
            ),
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
