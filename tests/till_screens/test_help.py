"""*Une question ?*: how to reach somebody."""

from tests.till_screens.words import words


def test_the_page_gives_the_address_and_the_phone_of_the_support(app, screen):
    app.config["SUPPORT_EMAIL"], app.config["SUPPORT_PHONE"] = "aide@somm-it.example", "05 19 80 01 37"
    page = screen.get("/aide").text

    assert 'href="mailto:aide@somm-it.example"' in page
    assert 'href="tel:+33519800137"' in page
    assert "Que fait le « + » d’une ligne à synchroniser ?" in words(page)


def test_the_bar_leads_to_every_screen_and_says_where_one_is(screen):
    for address in ("/boissons", "/ventes", "/caisse", "/aide"):
        page = screen.get(address).text
        assert f'<a href="{address}" aria-current="page"' in page
