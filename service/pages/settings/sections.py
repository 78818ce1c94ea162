"""The kinds of codes that people set up in the browser: their words, and the fields of their forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.model.vocabulary import AXES
from service.accounts.roles import SETS_UP_MARKETING
from service.ingest.configuration import AGENT, CAMPAIGN, DISPOSITION_CODE, SOURCE, Configured
from service.pages.settings.fields import Choices, FormField, countries, optional


@dataclass(frozen=True)
class Section:
    """One kind of code on the pages of Settings.

    title, singular: its words. about: what the page is for. dimension: by which reports count its calls. columns: the
    fields that the list shows. first: how the code of a new item is asked for.
    """

    configured: Configured
    title: str
    singular: str
    about: str
    dimension: str
    fields: Sequence[FormField]
    columns: Sequence[str]
    first: str

    @property
    def path(self) -> str:
        """The address of its list."""
        return f"/settings/{'codes' if self.configured is DISPOSITION_CODE else self.configured.path}"

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that its pages need."""
        return SETS_UP_MARKETING if self.configured in (CAMPAIGN, SOURCE) else ("configure",)

    @property
    def article(self) -> str:
        """The article of its singular."""
        return "an" if self.singular[0] in "aeiou" else "a"

    @property
    def asks_meaning(self) -> bool:
        """Whether an item counts only once a person has given it a meaning."""
        return self.configured is DISPOSITION_CODE

    @property
    def column_titles(self) -> list[str]:
        """The titles of the columns that only this kind has."""
        return [self.labels[name].title for name in self.columns]

    @property
    def empty_title(self) -> str:
        """What an empty list says."""
        return f"No {self.title.casefold()} yet"

    @property
    def empty_text(self) -> str:
        """How an empty list fills."""
        return (
            "They appear here by themselves as soon as calls or leads arrive that name them."
            f" You can also add {self.article} {self.singular} now."
        )

    def done_text(self, items: int) -> str:
        """How many of the ticked items are saved."""
        return "1 is saved." if items == 1 else f"{items:,} are saved."

    def waiting_text(self, items: int, calls: int) -> str:
        """How many items wait for a person, and how many calls use them."""
        single = items == 1
        words = f"{items:,} {self.singular}{'' if single else 's'} {'waits' if single else 'wait'}"
        need = "for a meaning" if self.asks_meaning else "to be confirmed or merged"
        used = f"{calls:,} {'call uses' if calls == 1 else 'calls use'} {'it' if single else 'them'}"
        return f"{words} {need}; {used}."

    @property
    def labels(self) -> dict[str, FormField]:
        """Its fields by name, and its state."""
        return {part.name: part for part in (*self.fields, _CONFIRMED)}


_CONFIRMED = FormField(
    "confirmed", "State", choices=lambda: [("True", "confirmed"), ("False", "waiting to be confirmed")]
)
_NAME = FormField("name", "Name", "What people read instead of the code.")
_MERGED = FormField(
    "merged_into",
    "Merged into",
    "The code that this one is another spelling of. Reports then count both as one. Leave it empty to count it alone.",
    suggested="codes",
)
_ZONE_ATTRIBUTES = {"placeholder": "America/New_York"}

# How the form asks for each axis of a disposition code, its title in tables, and help.
_QUESTIONS: Mapping[str, tuple[str, str, str]] = {
    "result": (
        "What came of the call?",
        "Result",
        "It decides what counts as a success. A call with an unmapped code is none.",
    ),
    "answered_by": ("Who or what answered?", "Answered by", ""),
    "party": ("Who did the agent speak with?", "Spoke with", ""),
    "network_result": ("What did the phone network report?", "Phone network", ""),
    "handled": ("Who handled the call?", "Handled by", ""),
    "next_step": ("What happens next?", "Next step", ""),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "result": {
        "none": "Nothing came of it",
        "unmapped": "Not decided yet (unmapped)",
        "do_not_call": "Asked not to be called again",
        "not_qualified": "Not a fit (not qualified)",
        "not_interested": "Not interested",
        "callback_requested": "Asked to be called back",
        "interested": "Interested",
        "qualified": "Qualified lead",
        "appointment": "Appointment made",
        "sale": "Sale",
    },
    "answered_by": {
        "unknown": "Not known",
        "fax_or_tone": "A fax or a tone",
        "machine": "A machine or voicemail",
        "human": "A person",
    },
    "party": {
        "unknown": "Not known",
        "gatekeeper": "A gatekeeper, such as reception",
        "wrong_party": "The wrong person",
        "right_party": "The right contact (decision-maker)",
    },
    "network_result": {
        "unknown": "Not known",
        "cancelled": "Cancelled before it rang",
        "blocked": "Blocked by us",
        "invalid_number": "The number does not exist",
        "network_failure": "The network failed",
        "no_answer": "It rang, and nobody answered",
        "busy": "Busy",
        "rejected": "Declined",
        "answered": "Answered",
    },
    "handled": {
        "none": "Nobody",
        "ivr_only": "Only the voice menu",
        "abandoned_by_callee": "The customer hung up before an agent came",
        "abandoned_by_us": "No agent was free (abandoned by us)",
        "agent": "An agent",
    },
    "next_step": {"none": "Nothing", "callback": "A callback", "follow_up_task": "A follow-up task"},
}


def _axis(name: str) -> FormField:
    question, title, about = _QUESTIONS[name]

    def values() -> Choices:
        return [(value, _WORDS[name][value]) for value in reversed(AXES[name])]

    choices = values if name == "result" else optional("The code does not say", values)
    return FormField(name, question, about, choices=choices, short=title)


CAMPAIGNS = Section(
    CAMPAIGN,
    "Campaigns",
    "campaign",
    "Names, sources and time zones of your campaigns, and campaigns that the dialer spells in two ways.",
    "campaign",
    (
        _NAME,
        FormField("source", "Source", "The source of its calls that name none.", suggested="sources"),
        FormField(
            "region",
            "Country",
            "The country of numbers written without a country code.",
            choices=optional("As the account", countries),
        ),
        FormField("zone", "Time zone", "Where its customers are.", suggested="zones", attributes=_ZONE_ATTRIBUTES),
        FormField("starts_on", "First day", type="date"),
        FormField("ends_on", "Last day", type="date"),
        _MERGED,
    ),
    ("source", "zone", "starts_on", "ends_on"),
    "The campaign's id or name exactly as your dialer sends it.",
)
SOURCES = Section(
    SOURCE,
    "Sources",
    "source",
    "Where leads come from: channels, partners and lists.",
    "source",
    (
        _NAME,
        FormField("medium", "Medium", "Such as paid-search, email or referral.", suggested="mediums"),
        _MERGED,
    ),
    ("medium",),
    "The source exactly as your forms or your CRM send it.",
)
AGENTS = Section(
    AGENT,
    "Agents and teams",
    "agent",
    "Names and teams of the people who call. A team is all agents with the same team name.",
    "agent",
    (
        _NAME,
        FormField("team", "Team", "Choose a team or type a new one.", suggested="teams"),
        FormField("zone", "Time zone", "Where the agent works.", suggested="zones", attributes=_ZONE_ATTRIBUTES),
        _MERGED,
    ),
    ("team", "zone"),
    "The agent's id exactly as your dialer sends it.",
)
DISPOSITION_CODES = Section(
    DISPOSITION_CODE,
    "Disposition codes",
    "code",
    "What each code of your dialer means. Reports count calls by their meaning, not by their code.",
    "disposition",
    (_NAME, *(_axis(name) for name in _QUESTIONS), _MERGED),
    ("result", "answered_by", "party"),
    "The code exactly as your dialer sends it.",
)
SECTIONS = (CAMPAIGNS, SOURCES, AGENTS, DISPOSITION_CODES)
