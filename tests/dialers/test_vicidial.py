"""What VICIdial leaves to whoever reads it: clocks without a zone, templates, and statuses that mean something else."""

import csv
import re
from datetime import UTC, datetime

import pytest

from service.dialers import Delivery, Refused, Unreadable, dialers
from service.dialers.vicidial.statuses import is_outcome
from tests.dialers.deliveries import ADDRESS, RECORDED, hook_of

VICIDIAL = dialers()["vicidial"]
HOOK = hook_of("vicidial", None)
STATUSES = RECORDED / "vicidial" / "standard-statuses.csv"


def told(query: str, at: str = "2026-11-01T12:00:00Z") -> Delivery:
    url = ADDRESS.format(dialer="vicidial") + f"?{query}"
    return Delivery("GET", url, {}, b"", datetime.fromisoformat(at))


@pytest.mark.parametrize(
    ("received", "meant"),
    [
        ("2026-11-01T05:30:04Z", "2026-11-01T05:30:00Z"),
        ("2026-11-01T06:30:04Z", "2026-11-01T06:30:00Z"),
    ],
)
def test_an_hour_that_is_there_twice_is_the_one_it_was_told_in(received: str, meant: str) -> None:
    query = "event=noagent&call_id=V11010129300000000077&SQLdate=2026-11-01+01:30:00&status=NA"
    reading = VICIDIAL.read(told(query, received), HOOK)
    assert reading.dispositions[0]["set_at"] == meant
    assert reading.attempts[0]["dialed_at"] == meant.replace("30:00", "29:30")


def test_a_call_id_of_new_years_eve_is_of_the_old_year() -> None:
    query = "event=noagent&call_id=V12312359500000000077&SQLdate=2027-01-01+00:00:12&status=NA"
    [attempt] = VICIDIAL.read(told(query, "2027-01-01T05:00:13Z"), HOOK).attempts
    assert (attempt["dialed_at"], attempt["observed_at"]) == ("2027-01-01T04:59:50Z", "2027-01-01T05:00:12Z")


def test_a_dispo_url_without_any_time_happens_when_it_comes() -> None:
    [attempt] = VICIDIAL.read(told("call_id=C1&dispo=NI&user=6001&talk_time=60"), HOOK).attempts
    assert (attempt["dialed_at"], attempt["observed_at"]) == ("2026-11-01T11:59:00Z", "2026-11-01T12:00:00Z")


@pytest.mark.parametrize("name", ["pass", "phone_pass", "PASS"])
def test_an_address_that_gives_away_a_password_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="agent_password"):
        VICIDIAL.verify(told(f"event=dispo&call_id=C1&{name}=1234"), HOOK)
    VICIDIAL.verify(told(f"event=dispo&call_id=C1&{name}=--A--{name}--B--"), HOOK)
    VICIDIAL.verify(told("&".join(f"x{n}=1" for n in range(2_000))), HOOK)


def test_a_disposition_that_names_no_call_says_so() -> None:
    with pytest.raises(Unreadable, match="neither uniqueid with its lead_id nor call_id"):
        VICIDIAL.read(told("leadID=12399&dispo=NI&talk_time=214"), HOOK)


def test_the_addresses_of_the_setup_are_read_once_vicidial_has_filled_them() -> None:
    filled = {"call_id": "V03020930000000012345", "uniqueid": "1772461800.4411", "lead_id": "12345", "dispo": "SALE"}
    filled |= {"user": "6001", "talk_time": "174", "status": "NA", "SQLdate": "2026-03-02+09:33:25"}
    addresses = re.findall(r"VAR\{url\}\?(\S+)", VICIDIAL.setup)
    queries = [re.sub(r"--A--(\w+)--B--", lambda name: filled.get(name[1], ""), query) for query in addresses]
    readings = [VICIDIAL.read(told(query), HOOK) for query in queries]
    assert [reading.event for reading in readings] == ["start", "dispo", "noagent", "dead"]
    assert {reading.attempts[0]["external_id"] for reading in readings} == {"1772461800.4411-12345"}
    assert readings[1].attempts[0]["talk_seconds"] == 174
    assert [item["code"] for reading in readings for item in reading.dispositions] == ["SALE", "NA"]


def test_a_code_chosen_again_later_is_another_delivery() -> None:
    first = "event=dispo&call_id=C1&dispo=A&epoch=1772461800"
    keys = [VICIDIAL.key(told(query)) for query in (first, first, first.replace("1800", "1900"))]
    assert keys[0] == keys[1] != keys[2]


def test_a_posted_form_is_read_as_the_address_is() -> None:
    query = "event=dispo&call_id=V03020930000000012345&dispo=SALE&user=6001&talk_time=12&epoch=1772461900"
    posted = Delivery("POST", told("").url, {}, query.encode(), datetime(2026, 6, 1, tzinfo=UTC))
    assert VICIDIAL.read(posted, HOOK) == VICIDIAL.read(told(query), HOOK)


def test_its_statuses_are_corrected() -> None:
    codes = VICIDIAL.dispositions
    assert codes["SALE"]["party"] == "right_party"
    assert (codes["AA"]["answered_by"], codes["A"]["answered_by"]) == ("machine", "machine")
    assert {codes[code]["handled"] for code in ("DROP", "PDROP", "TIMEOT", "AFTHRS", "MAXCAL")} == {"abandoned_by_us"}
    assert "answered_by" not in codes["LRERR"]
    assert {code for code, form in codes.items() if form["result"] == "sale"} == {"SALE"}
    assert all(form["result"] != "unmapped" for form in codes.values())


@pytest.mark.skipif(not STATUSES.exists(), reason="the recorded payloads do not stand beside the project")
def test_every_status_it_ships_is_there_and_keeps_what_its_flags_are_right_about() -> None:
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
