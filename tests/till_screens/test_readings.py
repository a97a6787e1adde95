"""The readings of a closing on the screen: what the till said before, what changed, and reading it again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Closing, TillReference
from sommit.services import raw_readings, stock
from tests import factories
from tests.screens.statements import counted
from tests.support import invariants, naive
from tests.till_screens.conftest import LAST_NIGHT, MORNING
from tests.till_screens.words import words

DAY = timedelta(days=1)
NEWS = "/boissons/quoi-de-neuf"


@pytest.fixture
def at(app):
    """Let it be so many days later."""

    def move(days):
        app.config["NOW"] = MORNING + days * DAY

    return move


@pytest.fixture
def sold(connected, till, read):
    """A closing with a linked glass and a pint, read."""
    till.product("VRE CHABLIS", price_cents=650)
    closing = till.closing([("VRE CHABLIS", 6), ("PINTE", 2)], date=LAST_NIGHT, number=1202)
    read()
    glass = db.session.scalars(select(TillReference).where(TillReference.label == "VRE CHABLIS")).one()
    drink = factories.drink(connected, volume_ml=750, stock=24, counted_at=datetime(2026, 6, 1, tzinfo=UTC))
    factories.link(glass, drink)
    return closing


@pytest.fixture
def amended(sold, read, at):
    """The same closing, corrected in the till and read again the morning after."""
    at(1)
    sold.amend(sold.orders[0].items[0], quantity=Decimal(4))
    sold.amend(sold.orders[0].items[1], is_canceled=True)
    read()
    return sold


def address(**of):
    found = db.session.scalars(select(Closing).filter_by(**of)).one()
    db.session.rollback()
    return f"/caisse/clotures/{found.id}"


def journal(screen):
    return words(screen.get("/caisse").text.partition('id="nuits"')[2].partition('id="token"')[0])


def test_the_journal_says_of_a_night_that_it_was_read_again_and_found_the_same(screen, sold, read, at):
    assert "samedi 13 juin lue 1 2" in journal(screen)

    at(1)
    read()
    assert "samedi 13 juin relue , clôture n° 1202 1 2" in journal(screen)
    assert f'href="{address()}"' in screen.get("/caisse").text


def test_the_journal_says_of_a_closing_that_it_was_amended_and_when(screen, amended):
    told = journal(screen)

    assert "samedi 13 juin corrigée , clôture n° 1202 1 2" in told
    assert "Nuit du samedi 13 juin, clôture n° 1202 Corrigée en caisse, relue le 15 juin, 5 h 30." in told


def test_the_page_of_an_amended_closing_tells_line_by_line_what_changed_and_what_it_does_to_the_stock(screen, amended):
    page = words(screen.get(address()).text)

    latest, _, former = page.partition("Lecture du 14 juin, 5 h 30")
    assert "Lecture du 15 juin, 5 h 30 en vigueur Lignes 2 CA des lignes 26,00 € Total de la caisse 26,00 €" in latest
    assert "2 lignes ne sont plus comme à la lecture d’avant" in latest
    assert "VRE CHABLIS changée 17 h 21" in latest
    assert "quantité 6 4 , montant 39,00 € 26,00 €" in latest
    assert "PINTE changée 17 h 21" in latest
    assert "effet vendue annulée" in latest
    assert "avec les liaisons d’aujourd’hui : Chablis Montmains +0,3 bout." in latest
    assert "Lignes 2 CA des lignes 49,00 €" in former
    assert "La plus ancienne lecture gardée : rien à comparer." in former
    assert "90 jours, puis l’efface" in former


def test_the_lines_of_the_reading_in_force_or_of_the_one_asked_for_are_on_the_page_and_no_others(screen, amended):
    page = screen.get(address()).text
    assert "<details>" in page
    assert page.count("<tbody>") == 1
    former = page.partition("?lecture=")[2].partition("#")[0]

    asked = screen.get(address(), lecture=former).text
    assert "<details open>" in asked
    assert words(asked).count("VRE CHABLIS") == 2  # the change, and the line as it was
    assert screen.get(address(), lecture="9" * 30).status_code == 200


def test_a_huge_closing_whose_every_line_changed_is_read_a_hundred_at_a_time(screen, connected, till, read, at):
    huge = till.closing([("PINTE", 2)] * 250, date=LAST_NIGHT, per_order=25)
    read()
    at(1)
    for order in huge.orders:
        for item in order.items:
            item.quantity = Decimal(1)
    huge.amend()
    read()

    page = screen.get(address()).text
    assert "250 lignes ne sont plus comme à la lecture d’avant" in words(page)
    assert "Et 150 autres" in words(page)
    assert words(page.partition("Et 150 autres")[0]).count("quantité 2 1") == 100


def test_a_closing_that_the_till_denies_is_told_wherever_it_counts(screen, sold, till, read, at):
    at(1)
    till.closings.clear()
    read()

    assert "disparue , clôture n° 1202" in journal(screen)
    said = "Depuis le lundi 15 juin la caisse ne montre plus cette clôture : ses ventes sont gardées."
    assert said in journal(screen)
    assert said in words(screen.get("/ventes", jour=LAST_NIGHT.isoformat()).text)
    assert "Ses ventes sont gardées et comptent toujours, tant" in words(screen.get(address()).text)


@pytest.fixture
def denied(sold, till, read, at):
    """The closing, which the till shows no more the morning after."""
    at(1)
    till.closings.clear()
    read()
    return sold


def stock_of_the_glass(app, venue):
    app.config["NOW"] += timedelta(minutes=1)  # each decision has its own instant
    found = next(iter(stock.cellar(venue.id).values()))
    db.session.rollback()
    return found / stock.UL


@pytest.mark.parametrize("htmx", [True, False])
def test_somebody_decides_that_a_denied_closing_never_was_and_its_bottles_are_back(screen, app, venue, denied, htmx):
    page = words(screen.get(address()).text)
    assert "Les retirer rend au stock, avec les liaisons d’aujourd’hui : Chablis Montmains +1 bout." in page
    assert stock_of_the_glass(app, venue) == 23 * 750

    for said in (
        "Ventes retirées : 2 lignes et 49,00 € avant, plus rien maintenant.",
        "Ses ventes sont déjà retirées.",
    ):
        answer = screen.post(f"{address()}/retirer", htmx=htmx)
        page = words(answer.text if htmx else screen.get(answer.location).text)
        assert said in page
    assert "ses ventes sont retirées" in page
    assert stock_of_the_glass(app, venue) == 24 * 750
    assert naive.lines_stored() == []
    assert "ses ventes sont retirées" in journal(screen)
    invariants.check_invariants()


def test_what_was_taken_out_is_brought_back_by_a_person_or_by_the_till(screen, app, venue, denied, till, read, at):
    before = naive.lines_stored()
    screen.post(f"{address()}/retirer")
    page = words(screen.post(f"{address()}/relire").text)
    assert "Relue : 0 ligne et 0,00 € avant, 2 lignes et 49,00 € maintenant." in page
    assert naive.lines_stored() == before

    screen.post(f"{address()}/retirer")
    at(2)
    till.closings.append(denied)
    read()
    assert naive.lines_stored() == before
    assert "disparue" not in journal(screen)
    assert stock_of_the_glass(app, venue) == 23 * 750


def test_the_sales_of_a_closing_that_the_till_shows_are_not_taken_out(screen, sold):
    refused = screen.post(f"{address()}/retirer")
    assert refused.status_code == 409
    assert "La caisse montre cette clôture : ses ventes comptent." in words(refused.text)
    assert "Retirer ses ventes" not in refused.text


def test_what_could_not_come_back_is_not_taken_out(screen, app, venue, denied):
    app.config["NOW"] = MORNING + 91 * DAY
    raw_readings.prune(venue.id)
    db.session.commit()
    before = naive.lines_stored()

    refused = screen.post(f"{address()}/retirer")
    assert refused.status_code == 409
    assert "Comptez plutôt les boissons." in words(refused.text)
    assert naive.lines_stored() == before


def test_the_morning_lists_closings_that_were_amended_or_are_gone_and_the_line_counts_them(
    screen, amended, till, read, at
):
    assert "1 clôture changée" in words(screen.get("/boissons").text)
    told = words(screen.get(NEWS).text)
    assert "Une clôture a changé en caisse Nuit du samedi 13 juin, clôture n° 1202 corrigée" in told

    at(2)
    till.closings.clear()
    read()
    told = words(screen.get(NEWS).text)
    assert "clôture n° 1202 la caisse ne la montre plus ; ses ventes sont gardées" in told
    assert "corrigée" not in told
    assert "corrigée" in words(screen.get(NEWS, soir="2026-06-14").text)


def test_options_are_shown_by_name_on_their_closing_and_on_their_line(screen, connected, till, read):
    kir = till.product("KIR", price_cents=550)
    strange = till.item(kir, extra={"modifiers": [{"modifierId": "inconnu-17"}]})
    till.closing([till.item(kir, 2, modifiers=["Cassis"]), strange], date=LAST_NIGHT)
    read()

    page = words(screen.get(address()).text)
    assert "Options choisies en caisse Cassis × 2, inconnu-17 × 1" in page
    assert "KIR inconnu-17" in page


@pytest.mark.parametrize("htmx", [True, False])
def test_read_again_from_what_is_kept_the_till_is_not_asked_and_nothing_changes(screen, amended, server, htmx):
    server.faults.add(status=500, times=10**6)
    before = naive.lines_stored()

    for _tap in range(2):
        answer = screen.post(f"{address()}/relire", htmx=htmx)
        page = answer.text if htmx else screen.get(answer.location).text
        assert answer.status_code == (200 if htmx else 303)
        assert "Relue : rien n’a changé." in words(page)
    assert ("<html" in page) is not htmx
    assert naive.lines_stored() == before


def test_read_again_what_is_read_better_today_says_what_changed(screen, sold):
    closing = db.session.scalars(select(Closing)).one()
    closing.fingerprint, closing.lines, closing.turnover_cents = "as a former product read it", 1, 1000
    db.session.commit()

    page = words(screen.post(f"{address()}/relire").text)
    assert "Relue : 1 ligne et 10,00 € avant, 2 lignes et 49,00 € maintenant." in page


def test_what_is_kept_no_longer_offers_no_reading_again_and_refuses_it(screen, app, venue, sold):
    app.config["NOW"] = MORNING + 91 * DAY
    raw_readings.prune(venue.id)
    db.session.commit()

    page = screen.get(address())
    assert "Aucune lecture de cette clôture n’est plus gardée." in words(page.text)
    assert "Relire cette clôture" not in page.text
    refused = screen.post(f"{address()}/relire")
    assert refused.status_code == 409
    assert "il n’y a rien à relire" in words(refused.text)
    assert "data-focus" in refused.text


def test_the_closing_of_another_venue_is_not_there(stranger, sold):
    assert stranger.get(address()).status_code == 404
    assert stranger.post(f"{address()}/relire").status_code == 404
    assert stranger.post(f"{address()}/retirer").status_code == 404


def test_signed_out_a_closing_leads_to_the_sign_in(client, sold):
    assert client.get(address()).status_code == 302


def test_the_two_closings_of_an_evening_lead_to_each_other(screen, connected, till, read):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    till.closing([("PINTE", 2)], date=LAST_NIGHT, device="iPad terrasse")
    read()

    page = screen.get(address(device="iPad terrasse")).text
    assert f'href="{address(device="iPad comptoir")}"' in page
    assert "clôture n° 1 de « iPad comptoir »" in words(page)


def test_the_page_asks_as_much_of_the_database_for_two_readings_as_for_six(screen, amended, read, at):
    def statements():
        with counted() as sent:
            assert screen.get(address()).status_code == 200
        return len(sent)

    two = statements()
    for days in range(2, 6):
        at(days)
        amended.amend(amended.orders[0].items[0], quantity=Decimal(4 + days))
        read()
    assert statements() == two


def test_what_a_line_says_no_more_is_struck_out(screen, sold, read, at):
    sold.amend(sold.orders[0].items[0], is_loss=True, loss_reason="Bouchonnée")
    at(1)
    read()
    at(2)
    sold.amend(sold.orders[0].items[0], is_loss=False, loss_reason=None)
    read()

    page = screen.get(address()).text
    assert "effet perdue vendue , motif Bouchonnée" in words(page)
    assert "<s>Bouchonnée</s>" in page
