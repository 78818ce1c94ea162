"""The words of hooks and deliveries. The commands offer them in their help, so this module imports nothing heavy."""

from typing import Literal, TypeAlias, get_args

AnsweredMeans: TypeAlias = Literal["person", "unknown", "person_after"]
Status: TypeAlias = Literal["taken", "unknown", "unreadable", "rejected"]
ANSWERED_MEANS: tuple[AnsweredMeans, ...] = get_args(AnsweredMeans)
STATUSES: tuple[Status, ...] = get_args(Status)
