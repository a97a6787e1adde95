"""A spreadsheet uploaded in the page: first what it would do, then exactly that, once."""

import html
import io
import re

import pytest
from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import Count, Drink, Suggestion
from sommit.services import stock
from tests.screens.answers import words
from tests.services.test_spreadsheet import PNG, workbook
from tests.support import naive
from tests.web.conftest import token_of

UPLOAD = "/boissons/importer"
FILE = """Nom;Domaine;Millésime;Prix;Stock;Fournisseur
Chablis Montmains;William Fèvre;2023;48,50;11,5;Rapet
Morgon;Foillard;2022;32;6;Rapet
Fleurie;;20233;25;3;Rapet
"""


def upload(screen, content=FILE, name="cave.csv"):
    file = (io.BytesIO(content.encode() if isinstance(content, str) else content), name)
    return screen.post(UPLOAD, htmx=False, fichier=file)


def fields(page):
    return {name: re.search(f'name="{name}" value="([^"]*)"', page).group(1) for name in ("plan", "lignes")}


def confirm(screen, page):
    sent = {name: html.unescape(value) for name, value in fields(page).items()}
    return screen.post(f"{UPLOAD}/confirmer", htmx=False, **sent)


def drinks():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Drink))


def test_the_form_says_which_columns_are_understood_and_gives_a_model(screen):
    page = screen.get(UPLOAD)
    model = screen.get(f"{UPLOAD}/modele.csv")

    assert "Seul le nom est obligatoire" in page.text
    assert 'enctype="multipart/form-data"' in page.text
    assert model.data.decode("utf-8-sig").startswith("Nom;Domaine;Appellation")
    assert "attachment" in model.headers["Content-Disposition"]


def test_the_model_goes_in_as_it_is(screen, venue):
    assert "Importer cette ligne" in upload(screen, screen.get(f"{UPLOAD}/modele.csv").data).text


def test_the_preview_tells_every_row_and_writes_nothing(screen, chablis):
    before = naive.everything_stored()
    answer = upload(screen)
    shown = words(answer.text)

    assert answer.status_code == 200
    assert "Refusées 1 Mises à jour 1 Ajoutées 1 Inchangées 0" in shown
    assert "4 Fleurie « 20233 » n’est pas un millésime" in shown
    assert "2 Chablis Montmains 2023 Prix : – 48,50 € Stock compté : 22 bout. 11,5 bout." in shown
    assert "3 Morgon 2022 Foillard, 75 cl Stock compté : 6 bout." in shown
    assert "Colonnes laissées de côté : Fournisseur." in shown
    assert "Importer ces 2 lignes" in shown
    db.session.rollback()
    assert naive.everything_stored() == before


def test_yes_does_what_was_shown_and_says_so(screen, chablis, glass):
    answer = confirm(screen, upload(screen).text)
    page = screen.get("/boissons").text

    assert (answer.status_code, answer.location) == (303, "/boissons")
    assert "1 boisson ajoutée, 1 mise à jour, 0 inchangée, 1 ligne refusée." in words(page)
    assert stock.on_hand(chablis) == 8625 * stock.UL
    assert drinks() == 2
    assert db.session.scalar(select(func.count()).select_from(Suggestion)) == 1, "the list is proposed anew"
    assert db.session.scalar(select(Count.created_by).order_by(Count.id.desc()).limit(1)) is not None


def test_a_second_tap_changes_nothing(screen, chablis):
    page = upload(screen).text
    confirm(screen, page)
    db.session.rollback()
    before = naive.everything_stored()
    again = confirm(screen, page)

    assert again.status_code == 303
    db.session.rollback()
    assert naive.everything_stored() == before


def test_a_cellar_that_changed_meanwhile_is_shown_again_before_anything_is_written(screen, chablis):
    page = upload(screen).text
    db.session.get(Drink, chablis.id).price_cents = 4000
    db.session.commit()
    answer = confirm(screen, page)

    assert answer.status_code == 409
    assert "Vos boissons ont changé depuis l’aperçu." in answer.text
    assert "40,00\u00a0€" in answer.text
    assert drinks() == 1
    assert confirm(screen, answer.text).status_code == 303
    assert drinks() == 2


def test_a_file_that_says_what_is_known_has_nothing_to_import(screen, chablis):
    shown = words(upload(screen, "Nom;Domaine;Millésime\nCHABLIS MONTMAINS;william fevre;2023\n").text)

    assert "Mises à jour 1" in shown, "the name is spelled anew"
    shown = words(upload(screen, "Nom;Domaine;Millésime\nChablis Montmains;William Fèvre;2023\n").text)
    assert "Aucune ligne à importer." in shown
    assert "Importer ces" not in shown


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "cave.csv", "Ce fichier est vide."),
        (b"", "", "Choisissez d’abord un fichier"),
        (PNG, "cave.xlsx", "ni un CSV ni un classeur"),
        (b"PK\x03\x04" + PNG, "cave.xlsx", "ni un CSV ni un classeur"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "cave.xls", "date d’un ancien Excel"),
        (b"Prix;Stock\n3;4\n", "cave.csv", "doit nommer les colonnes"),
        (workbook(["Nom", *range(50)], ["Morgon"]), "cave.xlsx", "40 colonnes au plus"),
        (b"Nom\n" + b"Morgon\n" * 10_001, "cave.csv", "10 000 lignes"),
    ],
    ids=range(8),
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(screen, content, name, said):
    answer = upload(screen, content, name)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-describedby="fichier-error fichier-hint" aria-invalid="true"' in answer.text
    assert drinks() == 0


def test_a_file_over_the_limit_is_refused_with_the_limit(screen):
    answer = upload(screen, "Nom\n" + "x" * 2 * 1024 * 1024)

    assert answer.status_code == 413
    assert "2 Mo, 10 000 lignes" in answer.text


def test_a_formula_is_refused_by_its_row(screen):
    shown = words(upload(screen, workbook(["Nom", "Stock"], ["Morgon", "=3+4"], ["Fleurie", 3]), "cave.xlsx").text)

    assert "2 Morgon « =3+4 » est une formule" in shown
    assert "Importer cette ligne" in shown


def test_a_preview_of_thousands_of_rows_fits_its_own_form(screen):
    lines = [f"Cuvée {place};Domaine {place % 90};{2000 + place % 25};{place % 70},50" for place in range(4000)]
    page = upload(screen, "\n".join(["Nom;Domaine;Millésime;Prix", *lines]))

    assert "Importer ces 4\u202f000 lignes" in page.text
    assert "Et 3\u202f700 autres lignes." in page.text
    assert confirm(screen, page.text).status_code == 303
    assert drinks() == 4000


@pytest.mark.parametrize("packed", ["", "x", "é", "c$@<P0", "0" * 1000])
def test_a_confirmation_without_its_rows_asks_for_the_file_again(screen, packed):
    answer = screen.post(f"{UPLOAD}/confirmer", htmx=False, plan="x", lignes=packed)

    assert answer.status_code == 422
    assert "L’aperçu n’est plus lisible." in answer.text


def test_somebody_who_is_signed_out_writes_nothing(app, screen, chablis):
    page = upload(screen).text
    screen.post("/deconnexion", htmx=False)

    assert confirm(screen, page).status_code in (302, 403)
    assert drinks() == 1


def test_a_file_goes_into_the_venue_of_who_sends_it(stranger, chablis):
    page = upload(stranger).text
    confirm(stranger, page)

    assert "Mises à jour 0" in words(page)
    assert db.session.scalar(select(func.count()).where(Drink.venue_id == chablis.venue_id)) == 1


def test_names_are_text(screen):
    page = upload(screen, 'Nom;Prix;"<b>"\n<img src=x onerror=alert(1)>;3;\n<img>;x;\n').text

    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_the_form_is_refused_without_its_token(screen):
    token_of(screen.client)
    assert screen.client.post(UPLOAD, data={"fichier": (io.BytesIO(b"Nom\nx"), "a.csv")}).status_code == 403


def test_an_empty_cellar_begins_with_the_spreadsheet(screen):
    page = screen.get("/boissons").text

    assert f'<a class="button button-full" href="{UPLOAD}">' in page
    assert 'href="/boissons/nouvelle"' in page
