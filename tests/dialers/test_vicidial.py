"""VICIdial's open points: times without a zone, unfilled templates, and statuses with another meaning."""

import csv
import re
from datetime import datetime

import pytest

from service.dialers import Delivery, Refused, Unreadable, dialers
from service.dialers.vicidial.statuses import is_outcome
from tests.dialers.deliveries import ADDRESS, RECORDED, hook_of

VICIDIAL = dialers()["vicidial"]
HOOK = hook_of("vicidial", None)
STATUSES = RECORDED / "vicidial" / "standard-statuses.csv"


def delivered(query: str, at: str = "2026-11-01T12:00:00Z") -> Delivery:
    url = ADDRESS.format(dialer="vicidial") + f"?{query}"
    return Delivery("GET", url, {}, b"", datetime.fromisoformat(at))


@pytest.mark.parametrize(
    ("received", "meant"),
    [
        ("2026-11-01T05:30:04Z", "2026-11-01T05:30:00Z"),
        ("2026-11-01T06:30:04Z", "2026-11-01T06:30:00Z"),
    ],
)
def test_a_time_in_a_repeated_hour_is_the_one_nearer_to_its_arrival(received: str, meant: str) -> None:
    query = "event=noagent&call_id=V11010129300000000077&SQLdate=2026-11-01+01:30:00&status=NA"
    event = VICIDIAL.parse(delivered(query, received), HOOK)
    assert event.dispositions[0]["set_at"] == meant
    assert event.attempts[0]["dialed_at"] == meant.replace("30:00", "29:30")


def test_a_call_id_of_new_years_eve_belongs_to_the_old_year() -> None:
    query = "event=noagent&call_id=V12312359500000000077&SQLdate=2027-01-01+00:00:12&status=NA"
    [attempt] = VICIDIAL.parse(delivered(query, "2027-01-01T05:00:13Z"), HOOK).attempts
    assert (attempt["dialed_at"], attempt["observed_at"]) == ("2027-01-01T04:59:50Z", "2027-01-01T05:00:12Z")


def test_a_dispo_url_without_a_time_counts_from_its_arrival() -> None:
    [attempt] = VICIDIAL.parse(delivered("call_id=C1&dispo=NI&user=6001&talk_time=60"), HOOK).attempts
    assert (attempt["dialed_at"], attempt["observed_at"]) == ("2026-11-01T11:59:00Z", "2026-11-01T12:00:00Z")


@pytest.mark.parametrize("name", ["pass", "phone_pass", "PASS"])
def test_an_address_that_reveals_a_password_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="agent_password"):
        VICIDIAL.verify(delivered(f"event=dispo&call_id=C1&{name}=1234"), HOOK)
    VICIDIAL.verify(delivered(f"event=dispo&call_id=C1&{name}=--A--{name}--B--"), HOOK)
    VICIDIAL.verify(delivered("&".join(f"x{n}=1" for n in range(2_000))), HOOK)


def test_a_disposition_without_a_call_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="neither uniqueid with its lead_id nor call_id"):
        VICIDIAL.parse(delivered("leadID=12399&dispo=NI&talk_time=214"), HOOK)


def test_the_setup_addresses_are_parsed_once_vicidial_has_filled_them() -> None:
    filled = {"call_id": "V03020930000000012345", "uniqueid": "1772461800.4411", "lead_id": "12345", "dispo": "SALE"}
    filled |= {"user": "6001", "talk_time": "174", "status": "NA", "SQLdate": "2026-03-02+09:33:25"}
    addresses = re.findall(r"VAR\{url\}\?(\S+)", VICIDIAL.setup)
    queries = [re.sub(r"--A--(\w+)--B--", lambda name: filled.get(name[1], ""), query) for query in addresses]
    events = [VICIDIAL.parse(delivered(query), HOOK) for query in queries]
    assert [event.event for event in events] == ["start", "dispo", "noagent", "dead"]
    assert {event.attempts[0]["external_id"] for event in events} == {"1772461800.4411-12345"}
    assert events[1].attempts[0]["talk_seconds"] == 174
    assert [item["code"] for event in events for item in event.dispositions] == ["SALE", "NA"]


def test_a_code_chosen_again_later_is_another_delivery() -> None:
    first = "event=dispo&call_id=C1&dispo=A&epoch=1772461800"
    keys = [VICIDIAL.delivery_key(delivered(query)) for query in (first, first, first.replace("1800", "1900"))]
    assert keys[0] == keys[1] != keys[2]


def test_every_agent_of_a_call_has_an_own_share() -> None:
    query = "event=dispo&call_id=V05041000000000000077&uniqueid=1777903200.7&lead_id=77&epoch=1777903400"
    fronter = f"{query}&user=6001&dispo=XFER&talk_time=58&campaign=SPRING&group=SPRING"
    closer = f"{query}&user=7001&dispo=SALE&talk_time=90&campaign=CLOSERS&group=CLOSE_IN"
    [first], [second] = (VICIDIAL.parse(delivered(event), HOOK).attempts for event in (fronter, closer))
    assert first["participants"] == [{"agent": "6001", "role": "fronter", "talk_seconds": 58}]
    assert second["participants"] == [{"agent": "7001", "role": "closer", "talk_seconds": 90}]


def test_a_transfer_counts_from_the_end_of_the_fronters_talk() -> None:
    query = "event=dispo&uniqueid=1777903200.7&lead_id=77&user=6001&dispo=XFER&talk_time=58&epoch=1777999999"
    event = VICIDIAL.parse(delivered(query), HOOK)
    assert event.attempts[0]["observed_at"] == event.dispositions[0]["set_at"] == "2026-05-04T14:00:58Z"


@pytest.mark.parametrize("user", ["VDAD", "VDCL", "vdad"])
def test_the_dialer_itself_is_no_agent(user: str) -> None:
    query = f"event=dispo&call_id=C1&user={user}&dispo=PDROP&talk_time=3&epoch=1777903200"
    [attempt] = VICIDIAL.parse(delivered(query), HOOK).attempts
    assert not {"agent", "participants"} & attempt.keys()
    assert attempt["handled"] == "abandoned_by_us"


def test_the_meanings_of_its_statuses_are_corrected() -> None:
    codes = VICIDIAL.dispositions
    assert codes["SALE"]["party"] == "right_party"
    assert (codes["AA"]["answered_by"], codes["A"]["answered_by"]) == ("machine", "machine")
    assert {codes[code]["handled"] for code in ("DROP", "PDROP", "TIMEOT", "AFTHRS", "MAXCAL")} == {"abandoned_by_us"}
    assert "answered_by" not in codes["LRERR"]
    assert {code for code, form in codes.items() if form["result"] == "sale"} == {"SALE"}
    assert all(form["result"] != "unmapped" for form in codes.values())


@pytest.mark.skipif(not STATUSES.exists(), reason="the recorded payloads do not stand beside the project")
def test_every_shipped_status_is_defined_and_agrees_with_its_correct_flags() -> None:
    rows = list(csv.DictReader(STATUSES.read_text().splitlines()))
    codes = VICIDIAL.dispositions
    assert len(rows) == 50
    for row in rows:
        form = codes[row["status"]]
        assert (row["sale"] == "Y") == (form["result"] == "sale"), row
        assert (row["not_interested"] == "Y") == (form["result"] == "not_interested"), row
        if row["answering_machine"] == "Y":
            assert form["answered_by"] == "machine", row
        if row["customer_contact"] == "Y" and is_outcome(row["status"]):
            assert form["party"] == "right_party", row
        if row["scheduled_callback"] == "Y" and is_outcome(row["status"]):
            assert form["result"] == "callback_requested", row
