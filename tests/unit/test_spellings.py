"""Names that are proposed as spellings of each other, and those that are not."""

import pytest

from service.ingest.configured.proposals import pick_proposals
from service.ingest.configured.spellings import alike, distance, proposals
from service.pages.settings.meanings import suggested_meaning


@pytest.mark.parametrize(
    ("name", "other", "difference"),
    [
        ("Google Ads", "google-ads", "case, spaces or punctuation"),
        ("GoogleAds", "google_ads", "case, spaces or punctuation"),
        ("Café Berlin", "cafe berlin", "case, spaces or punctuation"),
        ("Smith, John", "John Smith", "the order of words"),
        ("Googel Ads", "Google Ads", "one letter"),
        ("Facebok", "Facebook", "one letter"),
        ("Faceboook Ad", "facebook ads", "two letters"),
        # Another number is another campaign, year or extension.
        ("agent-1", "agent-2", None),
        ("spring 2025", "spring 2026", None),
        ("Spring 2025", "spring-2025", "case, spaces or punctuation"),
        # Short names differ because they are different.
        ("Bing", "Ping", None),
        ("ann", "anna", None),
        ("radio", "web", None),
        ("***", "---", None),
        ("北京", "北京 ", "case, spaces or punctuation"),
    ],
)
def test_names_are_alike_or_not(name: str, other: str, difference: str | None) -> None:
    assert alike(name, other) == alike(other, name) == difference


def test_the_distance_counts_a_swap_as_one_slip() -> None:
    assert [distance("google", other, 2) for other in ("google", "googel", "goggle", "gogel", "yahoo")] == [
        *(0, 1, 1, 2),
        None,
    ]


def test_every_pair_that_is_alike_is_found_among_many_names() -> None:
    names = [
        f"{word} {number}" for word in ("Radio Nord", "radio-nord", "Raido Nord", "Messe Ost") for number in (1, 2)
    ]
    among = [f"filler name {letter}{other}x" for letter in "abcdefgh" for other in "ijklmnop"]
    expected = {(a, b) for a in names for b in names if a < b and alike(a, b)}
    assert {(a, b) for a, b, _ in proposals([*names, *among]) if a in names} == expected
    assert len(expected) == 6


def row(code: str, **values: object) -> dict[str, object]:
    return {"code": code, "name": None, "merged_into": None, "confirmed": False, **values}


def test_the_confirmed_name_stays_then_the_used_and_what_is_merged_or_told_apart_is_left_out() -> None:
    rows = [row("Web"), row("web", confirmed=True), row("radio-1"), row("Radio 1"), row("tv", name="Fair"), row("fair")]
    uses = {"Web": 900, "radio-1": 3, "Radio 1": 5, "tv": 1}
    picked = [(p.code, p.into) for p in pick_proposals(rows, uses, set())]
    assert picked == [("Web", "web"), ("radio-1", "Radio 1"), ("fair", "tv")]
    assert [(p.code, p.into) for p in pick_proposals(rows, uses, {("Web", "web"), ("fair", "tv")})] == [picked[1]]
    merged = [row("Web", merged_into="web"), row("web", confirmed=True), row("WEB")]
    assert [(p.code, p.into) for p in pick_proposals(merged, {}, set())] == [("WEB", "web")]
    # Neither can be merged: others are merged into both.
    both = [row("web"), row("WEB"), row("site", merged_into="web"), row("www", merged_into="WEB")]
    assert pick_proposals(both, {}, set()) == []
    assert [
        p.into for p in pick_proposals([row("a1 radio", confirmed=True), *both[2:], row("A1 Radio")], {}, set())
    ] == ["a1 radio"]


@pytest.mark.parametrize(
    ("code", "name", "result"),
    [
        ("NI", "Not interested", "not_interested"),
        ("INT", "Interested", "interested"),
        ("NotQualified", None, "not_qualified"),
        ("Qualified", None, "qualified"),
        ("DNC", None, "do_not_call"),
        ("No Sale", None, "not_interested"),
        ("sale", None, "sale"),
        ("CALLBK", None, "callback_requested"),
        ("Voicemail", None, "none"),
        ("no_answer", None, "none"),
    ],
)
def test_a_code_suggests_its_meaning_by_its_name(code: str, name: str | None, result: str) -> None:
    assert suggested_meaning(code, name)["result"] == result


def test_a_code_that_says_nothing_suggests_nothing() -> None:
    assert suggested_meaning("Q7", None) == suggested_meaning("X1", "Seven") == {}
