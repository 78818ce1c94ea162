"""Surveys, forms and evaluations come from files: a row for each item, or a column for each item."""

from decimal import Decimal

from tests.importing.conftest import Workspace, counts

SURVEYS = """
[file]
decimal = ","

[times]
zone = "Europe/Berlin"

[survey]
external_id = "Nr"
kind = { column = "Frage", values = { Zufriedenheit = "csat", Empfehlung = "nps" } }
asked_at = { column = "Gesendet", format = "%d.%m.%Y %H:%M" }
answered_at = { column = "Antwort", format = "%d.%m.%Y %H:%M" }
score = "Wert"
comment = "Text"
dialer = { constant = "main" }
call = "Anruf"
"""
ANSWERS = (
    "Nr;Frage;Gesendet;Antwort;Wert;Text;Anruf\n"
    "1;Zufriedenheit;02.03.2026 10:00;02.03.2026 11:00;4,0;Danke;c1\n"
    "2;Empfehlung;02.03.2026 10:00;;;;c1\n"
    "3;Zufriedenheit;02.03.2026 10:00;02.03.2026 11:00;7;;c1\n"
    "4;Laune;02.03.2026 10:00;02.03.2026 11:00;1;;c1\n"
)
WIDE = """
[evaluation]
external_id = "id"
form = { constant = "sales" }
evaluated_at = "at"
evaluator = "by"
call = "call"

[evaluation.points]
greeting = "Greeting"
offer = "Offer"
"""
LONG = """
[evaluation]
external_id = "id"
form = "form"
evaluated_at = "at"
evaluator = "by"

[score]
item = "question"
points = { column = "points", optional = true }
not_applicable = { column = "applies", values = { no = "yes", yes = "no" } }
"""
SCORES = """
    SELECT evaluation, item, points, not_applicable FROM evaluation_scores ORDER BY evaluation, item"""


def test_answers_come_from_an_export_with_its_own_words(workspace: Workspace) -> None:
    outcome = workspace.run("surveys", workspace.write("answers.csv", ANSWERS), SURVEYS)
    assert (outcome.code, counts(outcome)["created"], counts(outcome)["rejected"]) == (3, 2, 2), outcome.output
    stored = workspace.rows("SELECT external_id, kind::text, score, comment, dialer, call FROM surveys ORDER BY 1")
    assert stored == [("1", "csat", Decimal(4), "Danke", "main", "c1"), ("2", "nps", None, None, "main", "c1")]
    rejected = (workspace.folder / "answers.rejected.csv").read_text()
    assert "survey.score" in rejected
    assert "survey.kind" in rejected


def test_a_column_for_each_item_gives_each_its_points(workspace: Workspace) -> None:
    text = "id,at,by,call,Greeting,Offer\ne1,2026-03-03T09:00:00Z,quinn,c1,4.5,\ne2,2026-03-03T09:00:00Z,rae,c1,5,0\n"
    file = workspace.write("wide.csv", text)
    assert counts(workspace.run("evaluations", file, WIDE))["created"] == 2
    assert workspace.rows(SCORES) == [
        ("e1", "greeting", Decimal("4.5"), False),
        ("e2", "greeting", Decimal(5), False),
        ("e2", "offer", Decimal(0), False),
    ]
    assert counts(workspace.run("evaluations", file, WIDE))["unchanged"] == 2
    corrected = workspace.write("wide.csv", text.replace(",5,0", ",5,3"))
    assert counts(workspace.run("evaluations", corrected, WIDE, "--observed-at", "now"))["updated"] == 2 - 1
    assert workspace.rows(SCORES)[-1] == ("e2", "offer", Decimal(3), False)


def test_a_row_for_each_item_adds_to_its_evaluation(workspace: Workspace) -> None:
    text = (
        "id,form,at,by,question,points,applies\n"
        "e1,sales,2026-03-03T09:00:00Z,quinn,greeting,4,yes\n"
        "e1,sales,2026-03-03T09:00:00Z,quinn,offer,,no\n"
        "e1,sales,2026-03-03T09:00:00Z,quinn,close,,yes\n"
    )
    outcome = workspace.run("evaluations", workspace.write("long.csv", text), LONG)
    assert counts(outcome)["rejected"] == 1, outcome.output
    assert workspace.rows(SCORES) == [("e1", "greeting", Decimal(4), False), ("e1", "offer", None, True)]
    assert "score.points" in (workspace.folder / "long.rejected.csv").read_text()
