"""What people call codes: their names, each of them unmistakable."""

from reports.model.shown_names import shown_names


def test_a_name_that_could_mean_two_codes_comes_with_its_code() -> None:
    agents = {"a-1": "Ada Wong", "a-2": "Ada Wong", "b-1": "Bo Tran", "cy": "b-1", "dee": "dee"}
    assert shown_names({"agent": agents})["agent"] == {
        "a-1": "Ada Wong (a-1)",
        "a-2": "Ada Wong (a-2)",
        "b-1": "Bo Tran",
        "cy": "b-1 (cy)",
        "dee": "dee",
    }
