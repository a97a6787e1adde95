"""The table behind the command `matching evaluate`."""

from sommit.matching import evaluate

LIBRARY = [
    {
        "drink_id": "D1",
        "name": "Chablis Vaucoupin",
        "producer": "Aubrac",
        "vintage": "2020",
        "volume_ml": "750",
        "category": "wine",
    },
    {
        "drink_id": "D2",
        "display_name": "Morgon 2021",
        "name": "Morgon",
        "vintage": "2021",
        "volume_ml": "",
        "category": "wine",
    },
]


def test_each_label_gets_a_row_with_ranked_ids_a_decision_and_a_score():
    labels = [{"label_id": "L1", "label": "CHABLIS VAUCOUPIN 20"}, {"label_id": "L2", "label": "REMISE 10%"}]
    first, second = evaluate(LIBRARY, labels)
    assert (first[0], first[1][0], first[2]) == ("L1", "D1", "oui")
    assert second[2] == "non"
    assert 0 <= second[3] <= first[3] <= 1


def test_category_and_price_are_read_where_the_file_has_them():
    labels = [{"label_id": "L1", "label": "MORGON", "till_category": "Desserts", "price_cents": "650"}]
    assert next(iter(evaluate(LIBRARY, labels)))[2] != "oui"


def test_bad_numbers_in_a_row_are_taken_as_unknown():
    rows = [{"drink_id": "D1", "name": "Chablis", "vintage": "NV", "volume_ml": "75cl"}]
    assert next(iter(evaluate(rows, [{"label_id": "L1", "label": "CHABLIS"}])))[1] == ("D1",)
