"""The mappings that come with calltally import their exports with the right numbers."""

from pathlib import Path

import pytest

from service.dialers import dialers
from service.importing.language.choices import shipped
from service.importing.language.mapping import read_mapping
from service.ingest.configuration import DispositionCode
from tests.dialers.deliveries import RECORDED, hook_of, sent
from tests.importing.conftest import Workspace, counts

HERE = Path(__file__).parent
SHIPPED = {"asterisk-cdr", "freeswitch-cdr", "hubspot-calls", "salesforce-tasks", "vicidial-export"}
ASTERISK, VICIDIAL = Path("asterisk-cdr"), Path("vicidial-export")
CALLS = (
    "SELECT external_id, network_result::text, talk_ms, campaign, agent, dialed_at::text FROM attempts ORDER BY 6, 1"
)
where_recorded = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded files do not stand beside the project")


def test_every_shipped_mapping_is_valid_with_a_zone() -> None:
    assert set(shipped()) == SHIPPED
    for path in shipped().values():
        assert read_mapping(path, "attempts", "UTC").columns


def test_the_zone_is_never_guessed(workspace: Workspace) -> None:
    outcome = workspace.run("attempts", HERE / "asterisk-master.csv", ASTERISK)
    assert outcome.code == 2
    message = "The mapping asterisk-cdr needs the zone of its times: pass --zone, such as Europe/Lisbon"
    assert message in outcome.output


def test_an_unknown_name_is_reported_with_the_known_mappings(workspace: Workspace) -> None:
    outcome = workspace.run("attempts", HERE / "asterisk-master.csv", Path("asterisk"), "--zone", "UTC")
    assert outcome.code == 2
    assert "asterisk is neither a file nor one of: asterisk-cdr, freeswitch-cdr, hubspot-calls" in outcome.output


def test_asterisks_records_are_calls_with_any_number_of_columns(workspace: Workspace) -> None:
    master, rejected = HERE / "asterisk-master.csv", str(workspace.folder / "rejected.csv")
    outcome = workspace.run("attempts", master, ASTERISK, "--zone", "Europe/Lisbon", "--rejected", rejected)
    assert outcome.code == 3, outcome.output
    assert counts(outcome)["rejected"] == 1
    assert workspace.rows(CALLS) == [
        ("1772443800.16 4a5958487e1f5a25", "answered", 108_000, "asterisk", "1001", "2026-03-02 09:30:00+00"),
        ("1772444400.18 2fe0e42c9c148a3c", "no_answer", None, "asterisk", "1001", "2026-03-02 09:40:00+00"),
        ("2026-03-02 09:41:00 1689076d588ffa2d", "busy", None, "spring", "1002", "2026-03-02 09:41:00+00"),
        ("1772444520.22 fb99aeea8bea1008", "network_failure", None, "asterisk", "1002", "2026-03-02 09:42:00+00"),
        ("1772444580.24 3bccbd733dee94b5", "answered", 60_000, "asterisk", "1002", "2026-03-02 09:43:00+00"),
        ("1772445000.27 20ef63e5ad7bd8cb", "answered", None, "asterisk", "1002", "2026-03-02 09:50:00+00"),
        ("2026-03-02 09:51:00 112337ba8f172c8d", "no_answer", None, "asterisk", "1002", "2026-03-02 09:51:00+00"),
    ]


def test_another_zone_is_another_import(workspace: Workspace) -> None:
    export = HERE / "vicidial-export.txt"
    first = workspace.run("attempts", export, VICIDIAL, "--zone", "America/New_York")
    assert "Nothing changed" in workspace.run("attempts", export, VICIDIAL, "--zone", "America/New_York").output
    assert "Nothing changed" not in workspace.run("attempts", export, VICIDIAL, "--zone", "America/Chicago").output
    assert counts(first)["created"] == 4


@pytest.mark.parametrize(
    ("name", "known_as"),
    [
        (
            "vicidial-export.txt",
            (
                "12345 2026-03-02 09:30:00",
                "12349 2026-03-02 09:50:02",
                "12347 2026-03-02 09:51:00",
                "12351 2026-03-02 10:05:00",
            ),
        ),
        (
            "vicidial-export-extended.txt",
            (
                "1772461800.4411-12345",
                "1772463002.4601-12349",
                "1772463060.4610-12347",
                "12351 2026-03-02 10:05:00",
            ),
        ),
    ],
)
def test_vicidials_export_brings_calls_and_dispositions_and_no_talk(
    workspace: Workspace, name: str, known_as: tuple[str, ...]
) -> None:
    outcome = workspace.run("attempts", HERE / name, VICIDIAL, "--zone", "America/New_York")
    assert outcome.code == 0, outcome.output
    assert "These disposition codes have no meaning yet: QUOTE." in outcome.output
    query = "SELECT external_id, disposition, agent, lead, to_number, talk_ms, dialed_at::text FROM attempts ORDER BY 7"
    assert workspace.rows(query) == [
        (known_as[0], "SALE", "6001", "CRM-12345", "+14155550199", None, "2026-03-02 14:30:00+00"),
        (known_as[1], "NA", None, "12349", "+14155550173", None, "2026-03-02 14:50:02+00"),
        (known_as[2], "DROP", None, "CRM-12347", "+14155550174", None, "2026-03-02 14:51:00+00"),
        (known_as[3], "QUOTE", "6002", "CRM-12351", "+14155550182", None, "2026-03-02 15:05:00+00"),
    ]
    drop = "SELECT handled::text, answered_by::text, result::text FROM disposition_codes WHERE code = 'DROP'"
    assert workspace.row(drop) == ("abandoned_by_us", "human", "none")


def test_the_extended_export_has_the_same_calls_as_the_call_urls() -> None:
    reading = dialers()["vicidial"].parse(sent("vicidial", "dispo.sale.query"), hook_of("vicidial", None))
    assert reading.attempts[0]["external_id"] == "1772461800.4411-12345"


def test_the_codes_of_a_dialer_are_named_by_its_name(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    good = '[attempt]\nexternal_id = "id"\ncampaign = "c"\ndialed_at = "at"\n'
    mapping.write_text(f'disposition_codes = "vicidial"\n{good}')
    assert read_mapping(mapping, "attempts").codes == {
        code: DispositionCode.model_validate(form) for code, form in dialers()["vicidial"].dispositions.items()
    }


@where_recorded
def test_vicidials_own_header_has_every_column_that_is_needed() -> None:
    header = (RECORDED / "vicidial" / "export.call_report.header.tsv").read_text().rstrip("\n").split("\t")
    assert read_mapping(shipped()["vicidial-export"], "attempts", "UTC").required_columns <= set(header)


@where_recorded
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Master.17col.csv", [("no_answer", None)]),
        (
            "Master.18col.csv",
            [("answered", 83_000), ("answered", 5_000), ("busy", None), ("answered", 654_000)],
        ),
        ("Master.quoted-numbers.csv", [("answered", 35_000)]),
    ],
)
def test_recorded_records_give_their_known_results(
    workspace: Workspace, name: str, expected: list[tuple[str, int | None]]
) -> None:
    rejected = str(workspace.folder / "rejected.csv")
    master = RECORDED / "asterisk-cdr" / name
    outcome = workspace.run("attempts", master, ASTERISK, "--zone", "UTC", "--rejected", rejected)
    assert outcome.code == 0, outcome.output
    assert workspace.rows("SELECT network_result::text, talk_ms FROM attempts ORDER BY dialed_at") == expected
