"""What the command can import, and the mappings that come with calltally.

The command offers them in its help, so this module imports nothing heavy.
"""

from pathlib import Path

# What a file's rows are imported as. targets.py says which fields each has.
TARGET_NAMES = (
    "attempts",
    "inbound-calls",
    "leads",
    "dispositions",
    "appointments",
    "follow-ups",
    "stage-changes",
    "spend",
    "exchange-rates",
    "agent-states",
    "cases",
    "schedules",
    "staff",
    "running-costs",
    "customers",
    "surveys",
    "form-items",
    "evaluations",
    "shared-calls",
    "tracking-numbers",
    "assignments",
)


def shipped() -> dict[str, Path]:
    """The mappings that come with calltally, by name: common exports."""
    return {path.stem: path for path in sorted((Path(__file__).parent / "mappings").glob("*.toml"))}
