"""A mapping that copied an earlier included mapping reads its unchanged rules as they are now."""

from hashlib import sha256
from pathlib import Path

from service.importing.language import amend
from service.importing.language.mapping import read_mapping
from tests.importing.conftest import Workspace
from tests.importing.test_asterisk_calls import ANNA, ANSWERED, BEN, NOBODY_TOOK_IT, record

EARLIER = (Path(amend.__file__).parent / "mappings" / "earlier" / "asterisk-cdr.toml").read_text()
COPY = EARLIER.replace('constant = "asterisk"', 'constant = "lisbon"').replace(
    '{ column = "accountcode", default = "asterisk" }', '{ constant = "renewals" }'
)
ROWS = (
    ANSWERED,
    NOBODY_TOOK_IT,
    record(
        dst=BEN,
        channel="Local/41@agents-1;1",
        start="11:00:00",
        answer="11:00:04",
        end="11:01:30",
        duration=90,
        billsec=86,
        uniqueid="1772449200.10",
        linkedid="1772449200.10",
    ),
)


def test_a_copy_of_an_earlier_mapping_counts_calls_by_the_present_rules(workspace: Workspace) -> None:
    outcome = workspace.run("attempts", workspace.write("m.csv", "\n".join(ROWS)), COPY, "--zone", "UTC")
    assert outcome.code == 0, outcome.output
    assert "The mapping copies asterisk-cdr as it was before" in outcome.output
    query = "SELECT to_number, dialer, campaign, agent, network_result::text, talk_ms FROM attempts ORDER BY 1"
    assert workspace.rows(query) == [
        (ANNA, "lisbon", "renewals", "41", "answered", 50_000),
        (BEN, "lisbon", "renewals", "41", "answered", None),
    ]


def test_a_changed_rule_of_a_copy_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "copy.toml"
    path.write_text(COPY.replace('agent = "src"', 'agent = "accountcode"').replace('from_number = "src"\n', ""))
    mapping = read_mapping(path, "attempts", "UTC")
    rules = {mapped.path: mapped.rule for mapped in mapping.mapped_fields}
    assert rules["attempt.agent"].column == "accountcode"
    assert "attempt.from_number" not in rules
    assert rules["attempt.ring_seconds"].column == "duration"


def test_another_mapping_of_the_same_columns_is_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(COPY.replace('external_id = { column = "linkedid"', 'external_id = { column = "userfield"'))
    mapping = read_mapping(path, "attempts", "UTC")
    assert mapping.notes == ()
    assert list(mapping.kinds) == ["outbound"]


def test_calls_of_earlier_imports_keep_their_ids(workspace: Workspace) -> None:
    """A growing Master.csv is imported again and again, also across a new version."""
    brought = (
        "INSERT INTO attempts (account_id, dialer, external_id, campaign, dialed_at, to_number, network_result,"
        " observed_at)"
        " SELECT account_id, 'asterisk', '1772445600.10', 'asterisk', '2026-03-02 10:00:00Z', $1, 'answered',"
        " '2026-03-02 10:01:02Z' FROM accounts WHERE code = 'default'"
    )
    workspace.rows(brought, ANNA)
    second = record(dst=BEN, start="10:01:02", end="10:01:32", duration=30, billsec=0, disposition="BUSY", sequence=2)
    for name in ("m1.csv", "m2.csv"):
        file = workspace.write(name, f"{ANSWERED}\n{second}\n")
        assert workspace.run("attempts", file, Path("asterisk-cdr"), "--zone", "UTC").code == 0
        assert workspace.rows("SELECT external_id, to_number, talk_ms FROM attempts ORDER BY 1") == [
            ("1772445600.10", ANNA, 50_000),
            (f"1772445600.10 {sha256(BEN.encode()).hexdigest()[:16]}", BEN, None),
        ]
