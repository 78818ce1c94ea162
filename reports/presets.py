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
    )
}
