"""The list "à synchroniser" as it is read: which rows, in which order, what an open one shows."""

import re
from datetime import UTC, date, datetime

import pytest

from tests import factories
from tests.screens.answers import LIST, words
from tests.screens.proposals import suggest
from tests.screens.statements import counted

EVENING = datetime(2026, 6, 10, 19, tzinfo=UTC)
XSS = '"><img src=x onerror=alert(1)>'


def labels(html: str) -> list[str]:
    return re.findall(r'<span class="till"[^>]*>([^<]*)</span><span class="dots"></span>', html)


@pytest.fixture
def tills(venue):
    """Three keys that wait (two of them sold), one ignored, one linked."""
    closing = factories.closing(venue)
    keys = {name: factories.reference(venue, name) for name in ("PEU", "BEAUCOUP", "CATALOGUE", "IGNORE", "LIEE")}
    factories.sale(closing, keys["PEU"], 1, cents=100)
    factories.sale(closing, keys["BEAUCOUP"], 2, cents=900)
    keys["IGNORE"].ignored_at = factories.NOW
    factories.link(keys["LIEE"], factories.drink(venue))
    return keys


@pytest.mark.parametrize(
    ("args", "shown"),
    [
        ({}, ["BEAUCOUP", "PEU", "CATALOGUE"]),
        ({"montrer": "vendues"}, ["BEAUCOUP", "PEU"]),
        ({"montrer": "ignorees"}, ["IGNORE"]),
        ({"montrer": "n’importe quoi"}, ["BEAUCOUP", "PEU", "CATALOGUE"]),
    ],
)
def test_a_filter_shows_its_rows_sold_ones_first(screen, tills, args, shown):
    assert labels(screen.get(LIST, **args).text) == shown


def test_the_title_is_the_count_and_each_filter_has_its_own(screen, tills):
    page = words(screen.get(LIST).text)

    assert "3 boissons à synchroniser Vendues 2 Toutes 3 Ignorées 1" in page


def test_a_sold_key_bears_the_tag_and_says_what_it_sold(screen, tills):
    page = screen.get(LIST).text

    assert page.count('aria-label="vendue"') == 2
    assert "9,00 € 2 ventes" in words(page)
    assert "depuis le 13 juin" in words(page)
    assert words(page).count("au catalogue") == 1


def test_a_proposal_shows_the_drink_its_maker_and_its_serving(screen, glass, chablis):
    suggest(glass, chablis)

    assert "Chablis Montmains 2023 William Fèvre, verre 12,5 cl" in words(screen.get(LIST).text)


def test_a_plain_link_opens_the_row_and_keeps_the_filter(screen, glass, chablis):
    suggest(glass, chablis)
    page = screen.get(LIST, montrer="vendues").text
    address = f"{LIST}?montrer=vendues&amp;ouvrir={glass.id}#ref-{glass.id}"

    assert f'href="{address}"' in page
    opened = screen.get(LIST, montrer="vendues", ouvrir=glass.id).text
    assert 'class="row is-open"' in opened
    assert f'href="{LIST}?montrer=vendues#ref-{glass.id}"' in opened, "the cross closes it"


def test_htmx_gets_the_row_and_nothing_else(screen, glass, chablis):
    suggest(glass, chablis)

    opened = screen.get(f"{LIST}/{glass.id}", htmx=True).text
    closed = screen.get(f"{LIST}/{glass.id}", htmx=True, ferme=1).text

    assert opened.strip().startswith(f'<li class="row is-open" id="ref-{glass.id}">')
    assert closed.strip().startswith(f'<li class="row" id="ref-{glass.id}">')
    assert "<html" not in opened + closed


def test_the_address_of_a_row_leads_a_browser_to_the_list(screen, glass):
    answer = screen.get(f"{LIST}/{glass.id}", volet="non", endpoint="x")

    assert (answer.status_code, answer.location) == (302, f"{LIST}?ouvrir={glass.id}&volet=non#ref-{glass.id}")


def test_an_open_row_sets_the_till_over_the_cellar_and_lights_what_differs(screen, glass, chablis):
    evidence = [["name", "agrees", "CHABLIS", "Chablis Montmains"], ["vintage", "differs", "22", "2023"]]
    suggest(glass, chablis, vintage=2022, evidence=evidence)

    row = screen.get(f"{LIST}/{glass.id}", htmx=True).text

    assert "Millésime , différence 22 2023" in words(row)
    assert re.findall(r'class="lit">(\w+)<', row) == ["22", "2023"]
    assert "même nom" in row
    assert 'class="button button-full" formaction="' + f"{LIST}/{glass.id}/presque" in row
    assert 'name="vintage" value="2022"' in row


def test_the_effect_is_said_before_the_answer(screen, glass, chablis):
    suggest(glass, chablis, vintage=2022)

    row = words(screen.get(f"{LIST}/{glass.id}", htmx=True).text)

    assert "Oui , au 2023 22 19,7 1 nuit, 14 verres" in row
    assert "Presque , un 2022 jamais compté nouvelle fiche, 14 verres déjà vendus" in row


def test_the_effect_follows_the_serving(screen, glass, chablis):
    suggest(glass, chablis)
    address = f"{LIST}/{glass.id}"

    bottles = words(screen.get(address, htmx=True, serving=750).text)
    typed = words(screen.get(address, htmx=True, serving="autre", serving_cl="15").text)
    unknown = words(screen.get(address, htmx=True, serving="autre", serving_cl="").text)

    assert "22 8 1 nuit, 14 bouteilles" in bottles
    assert "22 19,2 1 nuit, 14 verres" in typed
    assert "Effet inconnu" in unknown


def test_a_drink_never_counted_says_so_instead_of_a_figure(screen, venue, glass):
    suggest(glass, factories.drink(venue, "Petit Chablis"))

    assert "Oui jamais compté 1 nuit, 14 verres" in words(screen.get(f"{LIST}/{glass.id}", htmx=True).text)


def test_the_runners_up_open_the_row_on_themselves(screen, venue, glass, chablis):
    other = factories.drink(venue, "Petit Chablis")
    suggest(glass, chablis, other, decision="ask")
    address = f"{LIST}/{glass.id}"

    assert f'hx-get="{address}?drink_id={other.id}"' in screen.get(address, htmx=True).text
    row = screen.get(address, htmx=True, drink_id=other.id).text

    assert f'name="drink_id" value="{other.id}"' in row
    assert f'hx-get="{address}?drink_id={chablis.id}"' in row


def test_almost_shows_the_vintages_and_what_each_would_do(screen, venue, glass, chablis):
    factories.drink(venue, producer="William Fèvre", vintage=2021, stock=4)
    suggest(glass, chablis)

    row = words(screen.get(f"{LIST}/{glass.id}", htmx=True, volet="presque").text)

    assert "Quel millésime de Chablis Montmains" in row
    assert "Au 2021 4 1,7 1 nuit, 14 verres Un autre jamais compté" in row


def test_a_beer_is_not_asked_its_vintage(screen, venue):
    pint = factories.reference(venue, "PINTE IPA")
    suggest(pint, factories.drink(venue, "IPA Bleue", category="beer", volume_ml=30_000), serving_ml=500)

    row = words(screen.get(f"{LIST}/{pint.id}", htmx=True).text)

    assert "Demi 25 cl Pinte 50 cl Fût 30 l Autre" in row
    assert "Presque" not in row


def test_a_row_without_a_proposal_opens_on_the_search_and_the_new_entry(screen, glass):
    row = screen.get(f"{LIST}/{glass.id}", htmx=True).text

    assert 'role="search"' in row
    assert re.search(r'name="name" type="text" value="Chablis Fevre"', row)
    assert re.search(r'name="vintage" type="text" value="2022"', row)
    assert re.search(r'name="volume_cl" type="text" value="75"', row)
    assert '<option value="wine" selected>' in row
    assert re.search(r'name="serving_cl" type="text" value="12,5"', row)


def test_the_search_answers_with_drinks_one_tap_from_being_linked(screen, glass, chablis):
    found = screen.get(f"{LIST}/{glass.id}/chercher", htmx=True, q="chablis").text

    assert found.lstrip().startswith(f'<div class="results" id="results-{glass.id}"')
    assert f'action="{LIST}/{glass.id}/oui"' in found
    assert f'name="drink_id" value="{chablis.id}"' in found
    assert "Oui, verre 12,5 cl" in words(found)


def test_the_search_works_as_a_plain_page(screen, glass, chablis):
    page = screen.get(f"{LIST}/{glass.id}/chercher", q="chablis").text

    assert "<html" in page
    assert 'value="chablis"' in page
    assert f'name="drink_id" value="{chablis.id}"' in page


@pytest.mark.parametrize("typed", ["", "zzzzqqq", "\x00", "%", "' OR 1=1 --", "x" * 5000])
def test_the_search_takes_whatever_is_typed(screen, glass, chablis, typed):
    assert screen.get(f"{LIST}/{glass.id}/chercher", htmx=True, q=typed).status_code == 200


def test_labels_and_names_are_text(screen, venue):
    key = factories.reference(venue, XSS, category=XSS)
    suggest(key, factories.drink(venue, XSS, producer=XSS), evidence=[["name", "differs", XSS, XSS]])

    for args in ({}, {"ouvrir": key.id}, {"ouvrir": key.id, "volet": "presque"}, {"ouvrir": key.id, "volet": "non"}):
        page = screen.get(LIST, **args).text
        assert "<img" not in page, args
        assert "onerror=alert(1)&gt;" in page, args


def test_a_label_of_sixty_characters_is_shown_whole(screen, venue):
    label = "LE TRES LONG LIBELLE D UNE CAISSE QUI NE COUPE RIEN DU TOUT."
    assert len(label) == 60
    factories.reference(venue, label)

    assert labels(screen.get(LIST).text) == [label]


def test_a_key_of_another_venue_is_not_there(stranger, glass):
    assert stranger.get(f"{LIST}/{glass.id}", htmx=True).status_code == 404
    assert stranger.get(f"{LIST}/{glass.id}/chercher", q="x").status_code == 404
    assert glass.label not in stranger.get(LIST, ouvrir=glass.id, fait=glass.id).text


def test_a_drink_of_another_venue_cannot_be_looked_at(screen, glass):
    theirs = factories.drink(factories.venue("Ailleurs"))

    assert screen.get(f"{LIST}/{glass.id}", htmx=True, drink_id=theirs.id).status_code == 404


@pytest.mark.parametrize("number", ["0", "abc", "-1", "9" * 40, "²"])
def test_an_address_that_names_no_row_shows_the_list(screen, glass, number):
    assert screen.get(LIST, ouvrir=number, lignes=number).status_code == 200


@pytest.mark.parametrize(
    ("fill", "args", "said"),
    [
        ("nothing", {}, "La caisse n’a encore rien envoyé."),
        ("linked", {}, "Tout est synchronisé."),
        ("catalogue", {"montrer": "vendues"}, "Rien de vendu n’attend de réponse."),
        ("catalogue", {"montrer": "ignorees"}, "Aucune boisson ignorée."),
    ],
)
def test_an_empty_list_says_why_it_is_empty(screen, venue, chablis, fill, args, said):
    if fill != "nothing":
        key = factories.reference(venue)
        if fill == "linked":
            factories.link(key, chablis)

    assert said in screen.get(LIST, **args).text


def test_three_hundred_rows_are_one_page_and_the_rest_is_one_tap_away(screen, venue, app):
    for number in range(305):
        factories.reference(venue, f"KEY {number:03d}")

    page = screen.get(LIST).text
    assert len(labels(page)) == 300
    assert "Afficher les 5 suivantes" in words(page)
    assert len(labels(screen.get(LIST, lignes=600).text)) == 305


def test_a_row_beyond_the_page_is_shown_where_it_is_opened(screen, venue):
    keys = [factories.reference(venue, f"KEY {number:03d}") for number in range(303)]

    page = screen.get(LIST, ouvrir=keys[301].id).text

    assert labels(page)[-1] == "KEY 301"
    assert "is-open" in page


@pytest.mark.parametrize("args", [{}, {"montrer": "ignorees"}, {"ouvrir": True}, {"fait": True}])
def test_the_number_of_statements_does_not_grow_with_the_list(screen, venue, chablis, args):
    def fill(number):
        for place in range(number):
            key = factories.reference(venue, f"KEY {place} SUR {number}")
            suggest(key, chablis)
            factories.sale(factories.closing(venue, date(2026, 1, 1 + place % 28)), key, 1, at=EVENING, cents=100)
            ignored = factories.reference(venue, f"PLAT {place} SUR {number}")
            ignored.ignored_at = factories.NOW
        return key

    def statements(key):
        asked = {name: key.id if value is True else value for name, value in args.items()}
        with counted() as sent:
            assert screen.get(LIST, **asked).status_code == 200
        return len(sent)

    key = fill(5)
    few = statements(key)
    fill(45)

    assert statements(key) == few


def test_each_drink_that_was_found_says_what_linking_it_would_do(screen, venue, glass, chablis):
    """One tap links it: what that does is shown before."""
    factories.drink(venue, "Chablis Vaillons")

    found = words(screen.get(f"{LIST}/{glass.id}/chercher", htmx=True, q="chablis").text)

    assert "75 cl, 1 nuit, 14 verres, stock 22 → 19,7" in found
    assert "1 nuit, 14 verres, stock jamais compté" in found


def test_the_number_of_statements_does_not_grow_with_what_was_found(screen, venue, glass, chablis):
    def statements():
        with counted() as sent:
            screen.get(f"{LIST}/{glass.id}/chercher", htmx=True, q="chablis")
        return len(sent)

    statements()  # the engine gets warm
    few = statements()
    for number in range(5):
        factories.drink(venue, f"Chablis {number}", stock=number)
    statements()

    assert statements() == few


def test_a_row_that_is_swapped_in_asks_for_itself_once(screen, glass):
    """Who is there, the row, what the keys have sold: all that a closed row needs."""
    screen.get(f"{LIST}/{glass.id}", htmx=True, ferme=1)

    with counted() as sent:
        assert screen.get(f"{LIST}/{glass.id}", htmx=True, ferme=1).status_code == 200

    assert sum("FROM till_reference" in statement for statement in sent) == 1
