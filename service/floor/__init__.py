"""A simulated sales floor: a few days of calls, deals and costs that nobody made.

`play(plan)` lives through the days and returns what truly happened (`story.Story`); `send(story)` turns that into
what dialers, a CRM and marketing would send, in the order it would arrive (`delivery.Mail`). Both are pure: the same
plan gives the same floor, byte for byte. Every phone number is one reserved for fiction.
"""

from service.floor.delivery import Mail, send
from service.floor.play import Plan, play
from service.floor.story import Story

__all__ = ["Mail", "Plan", "Story", "play", "send"]
