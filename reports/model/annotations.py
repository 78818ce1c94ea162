"""What happened in a period that can explain its numbers: a code got a meaning, a target changed, a file came in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from reports.model.language import marked, translate

Kind = Literal["code_meaning", "number_reassigned", "target", "import", "working_hours"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_TEXTS: dict[Kind, str] = {
    "code_meaning": marked("Meaning of code {subject} changed"),
    "number_reassigned": marked("Number {subject} reassigned"),
    "target": marked("Target for {subject} changed"),
    "import": marked("File {subject} imported"),
    "working_hours": marked("Working hours of {subject} changed"),
}


@dataclass(frozen=True)
class Annotation:
    """One change of an account at a moment.

    subject: the code, number, metric, file or team that it is about; empty for the whole account. campaign: the
    campaign that it is limited to, if any.
    """

    kind: Kind
    happened_at: datetime
    subject: str
    campaign: str | None = None

    @property
    def text(self) -> str:
        """The change in words."""
        return translate(_TEXTS[self.kind], subject=self.subject or translate("the whole account"))
