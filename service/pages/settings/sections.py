"""The kinds of codes that people set up in the browser: their words, and the fields of their forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.model.language import marked, translate, translate_plural
from reports.model.vocabulary import AXES
from service.accounts.roles import SETS_UP_MARKETING
from service.ingest.configuration import AGENT, CAMPAIGN, DISPOSITION_CODE, SOURCE, Configured
from service.pages.settings.fields import Choices, FormField, countries, optional


@dataclass(frozen=True)
class SectionWords:
    """What the pages of a kind of code say. singular: names its form. new: title of a new item. add: button.

    none_fits, empty: what a list says without any.
    """

    singular: str
    new: str
    add: str
    none_fits: str
    empty: str


@dataclass(frozen=True)
class Section:
    """One kind of code on the pages of Settings.

    title, words: what it is called. about: what the page is for. dimension: by which reports count its calls.
    columns: the fields that the list shows. first: how the code of a new item is asked for.
    """

    configured: Configured
    title: str
    words: SectionWords
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
        return translate(self.words.empty)

    @property
    def empty_text(self) -> str:
        """How an empty list fills."""
        return translate(
            "They appear here by themselves as soon as calls or leads arrive that name them. You can also add one now."
        )

    def done_text(self, items: int) -> str:
        """How many of the ticked items are saved."""
        return translate_plural("{count} is saved.", "{count} are saved.", items)

    def waiting_text(self, items: int, calls: int) -> str:
        """How many items wait for a person, and how many calls use them."""
        used = (
            translate_plural("{count} call uses it", "{count} calls use it", calls)
            if items == 1
            else translate_plural("{count} call uses them", "{count} calls use them", calls)
        )
        if self.asks_meaning:
            return translate_plural(
                "{count} code waits for a meaning; {used}.",
                "{count} codes wait for a meaning; {used}.",
                items,
                used=used,
            )
        return translate_plural(
            "{count} name waits to be confirmed or merged; {used}.",
            "{count} names wait to be confirmed or merged; {used}.",
            items,
            used=used,
        )

    @property
    def labels(self) -> dict[str, FormField]:
        """Its fields by name, and its state."""
        return {part.name: part for part in (*self.fields, _CONFIRMED)}


_CONFIRMED = FormField(
    "confirmed",
    marked("State"),
    choices=lambda: [("True", translate("confirmed")), ("False", translate("waiting to be confirmed"))],
)
_NAME = FormField("name", marked("Name"), marked("What people read instead of the code."))
_MERGED = FormField(
    "merged_into",
    marked("Merged into"),
    marked(
        "The code that this one is another spelling of. Reports then count both as one. Leave it empty to count it"
        " alone."
    ),
    suggested="codes",
)
_ZONE_ATTRIBUTES = {"placeholder": "America/New_York"}

# How the form asks for each axis of a disposition code, its title in tables, and help.
_QUESTIONS: Mapping[str, tuple[str, str, str]] = {
    "result": (
        marked("What came of the call?"),
        marked("Result"),
        marked("It decides what counts as a success. A call with an unmapped code is none."),
    ),
    "answered_by": (marked("Who or what answered?"), marked("Answered by"), ""),
    "party": (marked("Who did the agent speak with?"), marked("Spoke with"), ""),
    "network_result": (marked("What did the phone network report?"), marked("Phone network"), ""),
    "handled": (marked("Who handled the call?"), marked("Handled by"), ""),
    "next_step": (marked("What happens next?"), marked("Next step"), ""),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "result": {
        "none": marked("Nothing came of it"),
        "unmapped": marked("Not decided yet (unmapped)"),
        "do_not_call": marked("Asked not to be called again"),
        "not_qualified": marked("Not a fit (not qualified)"),
        "not_interested": marked("Not interested"),
        "callback_requested": marked("Asked to be called back"),
        "interested": marked("Interested"),
        "qualified": marked("Qualified lead"),
        "appointment": marked("Appointment made"),
        "sale": marked("Sale"),
    },
    "answered_by": {
        "unknown": marked("Not known"),
        "fax_or_tone": marked("A fax or a tone"),
        "machine": marked("A machine or voicemail"),
        "human": marked("A person"),
    },
    "party": {
        "unknown": marked("Not known"),
        "gatekeeper": marked("A gatekeeper, such as reception"),
        "wrong_party": marked("The wrong person"),
        "right_party": marked("The right contact (decision-maker)"),
    },
    "network_result": {
        "unknown": marked("Not known"),
        "cancelled": marked("Cancelled before it rang"),
        "blocked": marked("Blocked by us"),
        "invalid_number": marked("The number does not exist"),
        "network_failure": marked("The network failed"),
        "no_answer": marked("It rang, and nobody answered"),
        "busy": marked("Busy"),
        "rejected": marked("Declined"),
        "answered": marked("Answered"),
    },
    "handled": {
        "none": marked("Nobody"),
        "ivr_only": marked("Only the voice menu"),
        "abandoned_by_callee": marked("The customer hung up before an agent came"),
        "abandoned_by_us": marked("No agent was free (abandoned by us)"),
        "agent": marked("An agent"),
    },
    "next_step": {
        "none": marked("Nothing"),
        "callback": marked("A callback"),
        "follow_up_task": marked("A follow-up task"),
    },
}


def _axis(name: str) -> FormField:
    question, title, about = _QUESTIONS[name]

    def values() -> Choices:
        return [(value, translate(_WORDS[name][value])) for value in reversed(AXES[name])]

    choices = values if name == "result" else optional(marked("The code does not say"), values)
    return FormField(name, question, about, choices=choices, short=title)


CAMPAIGNS = Section(
    CAMPAIGN,
    marked("Campaigns"),
    SectionWords(
        marked("campaign"),
        marked("New campaign"),
        marked("Add a campaign"),
        marked("No campaign fits this search. Search for other words, or show all."),
        marked("No campaigns yet"),
    ),
    marked("Names, sources and time zones of your campaigns, and campaigns that the dialer spells in two ways."),
    "campaign",
    (
        _NAME,
        FormField("source", marked("Source"), marked("The source of its calls that name none."), suggested="sources"),
        FormField(
            "region",
            marked("Country"),
            marked("The country of numbers written without a country code."),
            choices=optional(marked("As the account"), countries),
        ),
        FormField(
            "zone",
            marked("Time zone"),
            marked("Where its customers are."),
            suggested="zones",
            attributes=_ZONE_ATTRIBUTES,
        ),
        FormField("starts_on", marked("First day"), type="date"),
        FormField("ends_on", marked("Last day"), type="date"),
        _MERGED,
    ),
    ("source", "zone", "starts_on", "ends_on"),
    marked("The campaign's id or name exactly as your dialer sends it."),
)
SOURCES = Section(
    SOURCE,
    marked("Sources"),
    SectionWords(
        marked("source"),
        marked("New source"),
        marked("Add a source"),
        marked("No source fits this search. Search for other words, or show all."),
        marked("No sources yet"),
    ),
    marked("Where leads come from: channels, partners and lists."),
    "source",
    (
        _NAME,
        FormField("medium", marked("Medium"), marked("Such as paid-search, email or referral."), suggested="mediums"),
        _MERGED,
    ),
    ("medium",),
    marked("The source exactly as your forms or your CRM send it."),
)
AGENTS = Section(
    AGENT,
    marked("Agents and teams"),
    SectionWords(
        marked("agent"),
        marked("New agent"),
        marked("Add an agent"),
        marked("No agent fits this search. Search for other words, or show all."),
        marked("No agents and teams yet"),
    ),
    marked("Names and teams of the people who call. A team is all agents with the same team name."),
    "agent",
    (
        _NAME,
        FormField("team", marked("Team"), marked("Choose a team or type a new one."), suggested="teams"),
        FormField(
            "zone",
            marked("Time zone"),
            marked("Where the agent works."),
            suggested="zones",
            attributes=_ZONE_ATTRIBUTES,
        ),
        _MERGED,
    ),
    ("team", "zone"),
    marked("The agent's id exactly as your dialer sends it."),
)
DISPOSITION_CODES = Section(
    DISPOSITION_CODE,
    marked("Disposition codes"),
    SectionWords(
        marked("code"),
        marked("New code"),
        marked("Add a code"),
        marked("No code fits this search. Search for other words, or show all."),
        marked("No disposition codes yet"),
    ),
    marked("What each code of your dialer means. Reports count calls by their meaning, not by their code."),
    "disposition",
    (_NAME, *(_axis(name) for name in _QUESTIONS), _MERGED),
    ("result", "answered_by", "party"),
    marked("The code exactly as your dialer sends it."),
)
SECTIONS = (CAMPAIGNS, SOURCES, AGENTS, DISPOSITION_CODES)
