"""The commands other people's scripts rely on (their names and answers do not change)."""

import csv
import json
from datetime import timedelta

import pytest

from sommit.extensions import db
from sommit.jalia.client import Probe
from sommit.models import Membership, TillConnection, User, Venue
from sommit.services import till_connection
from tests.jobs.conftest import LAST_NIGHT, MORNING

PASSWORD = "un mot de passe assez long"


@pytest.fixture
def run(app):
    """Run a command; returns its result, stdout and stderr apart."""
    app.config["NOW"] = MORNING
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


@pytest.fixture
def bar(run, till, server):
    """A venue made by the commands alone, its till connected; returns its number."""
    made = run("venue", "create", "Le Zinc", "--email", "Camille@Example.com", "--password", PASSWORD)
    venue = int(made.stdout)
    assert run("till", "connect", venue, "--token", till.token).exit_code == 0
    return venue


def cellar_file(tmp_path, text):
    path = tmp_path / "cave.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_venue_and_its_owner_are_created_and_the_number_is_printed(run):
    result = run("venue", "create", "Le Zinc", "--email", "camille@example.com", "--password", PASSWORD)

    assert result.exit_code == 0
    user = db.session.query(User).filter_by(email="camille@example.com").one()
    assert db.session.get(Membership, (int(result.stdout), user.id))


def test_without_a_password_one_is_made_and_shown_once_on_stderr_only(run):
    result = run("venue", "create", "Le Zinc", "--email", "camille@example.com")

    assert result.stdout.strip().isdigit()
    assert "Mot de passe" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("venue", "create", "Le Zinc", "--email", "pas une adresse"),
        ("venue", "create", "Le Zinc", "--email", "a@b.fr", "--password", "court"),
        ("venue", "create", "Le Zinc", "--email", "a@b.fr", "--timezone", "Mars/Olympus"),
        ("venue", "create", " ", "--email", "a@b.fr"),
        ("drinks", "import", 999, __file__),
        ("till", "connect", 999, "--token", "x"),
        ("till", "import", 999),
        ("stock", "list", 999, "--json"),
        ("references", "list", 999, "--json"),
        ("references", "link", 999, "x", 1),
        ("sales", "total", 999, "--from", "2026-06-01", "--to", "2026-06-02", "--json"),
        ("sales", "total", 1, "--from", "hier", "--to", "2026-06-02"),
        ("sales", "total", 1),
        ("till", "import", "le zinc", "--json"),
        ("till", "import", 1, "--jsno"),
        ("till", "improt", 1),
        ("drinks", "import", 1, "no-such-file.csv"),
    ],
)
def test_what_cannot_be_done_ends_with_one_sentence_on_stderr(run, words):
    result = run(*words)

    assert result.exit_code != 0
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.stderr


def test_a_support_account_belongs_to_no_venue(run):
    assert run("support", "create", "--email", "ines@somm-it.example").exit_code == 0

    user = db.session.query(User).filter_by(email="ines@somm-it.example").one()
    assert user.is_support
    assert db.session.query(Membership).filter_by(user_id=user.id).count() == 0


def test_bad_rows_are_told_by_line_and_good_ones_go_in(run, bar, tmp_path):
    path = cellar_file(tmp_path, "name,vintage,stock\nChablis,2022,12\n,2022,1\nMorgon,20233,1\n")
    result = run("drinks", "import", bar, path)

    assert result.exit_code == 0
    assert [line.split(" ")[1] for line in result.stderr.splitlines()] == ["3", "4"]
    assert [row["name"] for row in json.loads(run("stock", "list", bar, "--json").stdout)] == ["Chablis"]


def test_a_file_of_which_nothing_goes_in_fails(run, bar, tmp_path):
    assert run("drinks", "import", bar, cellar_file(tmp_path, "name\n \n,\n")).exit_code != 0


def test_a_wrong_token_is_refused_and_not_stored(run, till, server):
    venue = run("venue", "create", "Le Zinc", "--email", "a@b.fr", "--password", PASSWORD).stdout.strip()
    result = run("till", "connect", venue, "--token", "wrong-token-canary")

    assert result.exit_code != 0
    assert "wrong-token-canary" not in result.output
    assert db.session.get(TillConnection, int(venue)) is None


def test_how_far_back_to_read_is_thirty_days_or_what_is_asked_for(run, till, server):
    first_evenings = []
    for asked in ([], ["--days", "0"], ["--days", "365"]):
        venue = run("venue", "create", "Le Zinc", "--email", "a@b.fr", "--password", PASSWORD).stdout.strip()
        assert run("till", "connect", venue, "--token", till.token, *asked).exit_code == 0
        first_evenings.append((MORNING.date() - db.session.get(TillConnection, int(venue)).read_from).days)

    assert first_evenings == [30, 0, 365]
    refused = run("till", "connect", venue, "--token", till.token, "--days", "366")
    assert (refused.exit_code, "entre 0 et 365" in refused.stderr) == (1, True)


def test_a_token_that_may_not_read_the_catalogue_is_kept_with_a_word_and_one_that_may_not_read_closings_is_not(
    run, till, server
):
    venue = run("venue", "create", "Le Zinc", "--email", "a@b.fr", "--password", PASSWORD).stdout.strip()
    till.forbidden.add("reports")
    assert run("till", "connect", venue, "--token", till.token).exit_code == 1

    till.forbidden = {"catalog"}
    result = run("till", "connect", venue, "--token", till.token)

    assert (result.exit_code, "catalogue" in result.stderr) == (0, True)
    assert db.session.get(TillConnection, int(venue)).problem == result.stderr.strip()


def test_a_night_from_the_till_to_the_stock(run, bar, till, tmp_path):
    till.product("VRE CHABLIS", price_cents=650, category="Vins au verre")
    till.closing([("VRE CHABLIS", 6), ("CAFE GOURMAND", 2)], date=LAST_NIGHT)
    run("drinks", "import", bar, cellar_file(tmp_path, "name,stock,counted_at\nChablis,12,2026-06-01\n"))

    result = run("till", "import", bar, "--json")

    assert json.loads(result.stdout) == {
        "closings": 1,
        "lines": 2,
        "new_references": 2,
        "difference_cents": 0,
        "status": "ok",
        "error": None,
    }
    listed = json.loads(run("references", "list", bar, "--json").stdout)
    glass = next(row for row in listed if row["label"] == "VRE CHABLIS")
    assert (glass["sold"], glass["state"], glass["links"]) == (True, "to_sync", [])
    [drink] = json.loads(run("stock", "list", bar, "--json").stdout)
    assert drink["stock_ml"] == 9000

    assert run("references", "link", bar, glass["till_id"].upper(), drink["drink_id"]).exit_code == 0
    [drink] = json.loads(run("stock", "list", bar, "--json").stdout)
    assert drink["stock_ml"] == 9000 - 6 * 125
    days = ("--from", LAST_NIGHT, "--to", LAST_NIGHT, "--json")
    assert json.loads(run("sales", "total", bar, *days).stdout) == {"turnover_cents": 3900, "lines": 1}
    assert json.loads(run("sales", "total", bar, *days, "--all").stdout) == {"turnover_cents": 4900, "lines": 2}

    assert run("references", "unlink", bar, glass["till_id"]).exit_code == 0
    assert json.loads(run("stock", "list", bar, "--json").stdout)[0]["stock_ml"] == 9000


def test_a_cocktail_pours_two_drinks_and_its_turnover_counts_once(run, bar, till, tmp_path):
    till.product("KIR", price_cents=500)
    till.closing([("KIR", 4)], date=LAST_NIGHT)
    run(
        "drinks",
        "import",
        bar,
        cellar_file(tmp_path, "name,stock,counted_at\nAligoté,12,2026-06-01\nCassis,3,2026-06-01\n"),
    )
    run("till", "import", bar, "--json")
    [kir] = json.loads(run("references", "list", bar, "--json").stdout)
    for drink, serving in ((1, 100), (2, 20)):
        assert run("references", "link", bar, kir["till_id"], drink, "--serving-ml", serving).exit_code == 0
    assert run("references", "link", bar, kir["till_id"], 2, "--serving-ml", 999).exit_code == 0

    [kir] = json.loads(run("references", "list", bar, "--json").stdout)
    assert kir["links"] == [{"drink_id": 1, "serving_ml": 100}, {"drink_id": 2, "serving_ml": 20}]
    stocks = {row["name"]: row["stock_ml"] for row in json.loads(run("stock", "list", bar, "--json").stdout)}
    assert stocks == {"Aligoté": 9000 - 400, "Cassis": 2250 - 80}
    total = run("sales", "total", bar, "--from", LAST_NIGHT, "--to", LAST_NIGHT, "--json")
    assert json.loads(total.stdout) == {"turnover_cents": 2000, "lines": 1}


@pytest.mark.parametrize("typed", ["label:evian 1l", "Label: Évian  1L "], ids=["as listed", "as the till shows it"])
def test_a_reference_without_a_key_is_linked_by_its_label(run, bar, till, tmp_path, typed):
    closing = till.closing(date=LAST_NIGHT)
    closing.order([till.item(free_label="Évian 1L", quantity=3, unit_cents=400)])
    run(
        "drinks",
        "import",
        bar,
        cellar_file(tmp_path, "name,volume_ml,category,stock,counted_at\nÉvian,1000,soft,12,2026-06-01\n"),
    )
    run("till", "import", bar)

    assert run("references", "link", bar, typed, 1, "--serving-ml", 1000).exit_code == 0
    assert json.loads(run("stock", "list", bar, "--json").stdout)[0]["stock_ml"] == 9000


def test_ignoring_and_reactivating(run, bar, till):
    till.closing([("FRITES", 1)], date=LAST_NIGHT)
    run("till", "import", bar)
    [frites] = json.loads(run("references", "list", bar, "--json").stdout)

    assert run("references", "ignore", bar, frites["till_id"]).exit_code == 0
    assert json.loads(run("references", "list", bar, "--json").stdout)[0]["state"] == "ignored"
    assert run("references", "reactivate", bar, frites["till_id"]).exit_code == 0
    assert json.loads(run("references", "list", bar, "--json").stdout)[0]["state"] == "to_sync"


def test_a_link_by_command_teaches_as_one_on_the_screen_does(run, bar, till, tmp_path):
    till.closing([("CHABLIS HPR", 1)], date=LAST_NIGHT)
    run("drinks", "import", bar, cellar_file(tmp_path, "name,category\nChablis Hautes Pierres,wine\n"))
    run("till", "import", bar)
    [short] = json.loads(run("references", "list", bar, "--json").stdout)

    assert "Retenu : HPR = Hautes Pierres." in run("references", "link", bar, short["till_id"], 1).stdout
    assert "Retenu" not in run("references", "link", bar, short["till_id"], 1).stdout


def test_an_import_that_fails_says_so_in_json_and_ends_with_one(run, bar, till):
    till.forbidden.add("reports")
    result = run("till", "import", bar, "--json")

    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert (said["status"], said["closings"]) == ("failed", 0)
    assert said["error"]
    assert result.stderr == said["error"] + "\n"


def test_an_import_of_a_venue_without_a_till_fails_in_json_too(run):
    venue = run("venue", "create", "Le Zinc", "--email", "a@b.fr", "--password", PASSWORD).stdout.strip()
    result = run("till", "import", venue, "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "failed"


def test_without_redis_the_nights_that_are_due_stay_noted_and_the_command_says_so(run, bar):
    result = run("till", "import-due")

    assert result.exit_code == 1
    assert "Redis" in result.stderr


def test_a_token_pasted_while_the_former_one_was_being_refused_stays(run, bar, till, server, app):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)

    def paste_another():
        with app.app_context():
            till_connection.keep(db.session.get(Venue, bar), "another-token-of-theirs", Probe(1, None, None, None))
            db.session.commit()

    server.faults.add("/v1/reports/", run=paste_another)
    server.faults.add("/v1/orders/", token_refused_after=0)
    run("till", "import", bar)

    db.session.expire_all()
    assert db.session.get(TillConnection, bar).state == "connected"


def test_a_partial_import_ends_with_zero(run, bar, till):
    till.closing([("PINTE", 2)], date=LAST_NIGHT, difference_cents=450)
    till.closing([("PINTE", 2)], date=LAST_NIGHT - timedelta(days=1))
    result = run("till", "import", bar, "--json")

    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["status"], said["difference_cents"]) == ("partial", -450)
    assert said["error"]


def test_the_engine_ranks_a_table_of_labels(run, tmp_path):
    library, labels, out = tmp_path / "l.csv", tmp_path / "t.csv", tmp_path / "p.csv"
    library.write_text(
        "drink_id,name,producer,vintage,volume_ml,category\nD1,Chablis Montmains,William Fèvre,2022,750,wine\n"
        "D2,IPA Bleue,La Minotte,,30000,beer\n",
        encoding="utf-8",
    )
    labels.write_text("label_id,label\nL1,VRE CHABLIS MONTMAINS FEVRE 22\nL2,CAFE GOURMAND\n", encoding="utf-8")

    assert run("matching", "evaluate", "--library", library, "--labels", labels, "--out", out).exit_code == 0

    with out.open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first) == ["label_id", "ranked", "decision", "score"]
    assert first["ranked"].split("|")[0] == "D1"
    assert second["decision"] == "non"


def test_closings_that_were_read_again_corrected_or_are_gone_are_listed(run, bar, till, app):
    amended = till.closing([("PINTE", 2)], date=LAST_NIGHT, number=1202)
    same = till.closing([("PINTE", 1)], date=LAST_NIGHT, device="iPad terrasse", number=7)
    gone = till.closing([("DEMI", 1)], date=LAST_NIGHT - timedelta(days=1))
    run("till", "import", bar)
    assert run("till", "readings", bar).stdout == ""

    app.config["NOW"] = MORNING + timedelta(days=1)
    amended.amend(amended.orders[0].items[0], is_canceled=True)
    till.closings.remove(gone)
    run("till", "import", bar)

    states = {one["till_id"]: one["state"] for one in json.loads(run("till", "readings", bar, "--json").stdout)}
    assert states == {gone.id.lower(): "vanished", amended.id.lower(): "amended", same.id.lower(): "read_again"}
    assert "2026-06-13  clôture 1202  corrigée  2026-06-15T03:30:00+00:00" in run("till", "readings", bar).stdout
    assert run("till", "readings", 99).exit_code == 1
