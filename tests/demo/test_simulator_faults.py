import json
import time

import pytest
import requests

from demo.simulator import Till, serve
from tests.demo.till_client import Reader


@pytest.fixture
def orders(till, server, reader):
    """Reads the list of orders, on which the faults play."""
    till.closing(lines=[("VERRE CHABLIS", 2)])

    def read():
        return reader.get("/v1/orders/")

    return read


def add(server, **fault):
    return server.faults.add("/v1/orders/", **fault)


def test_faults_play_in_their_order_and_only_on_their_path(server, reader, orders):
    add(server, status=500, times=2)
    add(server, status=429, retry_after=30)

    assert reader.get("/v1/catalog/").status_code == 200
    assert [orders().status_code for _ in range(4)] == [500, 500, 429, 200]


@pytest.mark.parametrize("retry_after", [None, "30", "Fri, 20 Mar 2026 06:00:00 GMT", "1000000000", "-1"])
def test_too_many_calls_with_and_without_a_time_to_wait(server, orders, retry_after):
    add(server, status=429, retry_after=retry_after)

    assert orders().headers.get("Retry-After") == retry_after


def test_an_outage_may_speak_html(server, orders):
    add(server, html="<html><body>502 Bad Gateway</body></html>", status=502)

    answer = orders()

    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html; charset=utf-8")


@pytest.mark.parametrize("body", [b"", b"null", b"[" * 100_000, b"\xff\xfe", b"\xef\xbb\xbf{}", b'{"data": "\x00"}'])
def test_any_bytes_may_be_answered(server, orders, body):
    add(server, body=body)

    assert orders().content == body


def test_a_cut_body_is_shorter_than_announced(server, orders):
    add(server, cut=40)

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        orders()
    assert orders().status_code == 200


@pytest.mark.parametrize("kept", [0, 40])
def test_a_connection_may_be_reset(server, orders, kept):
    add(server, reset=kept)

    with pytest.raises(requests.exceptions.RequestException):
        orders()
    assert orders().status_code == 200


def test_numbers_may_be_no_numbers(server, orders):
    add(server, nan="quantity")
    add(server, nan="quantity", literal="1e400")

    assert '"quantity":NaN' in orders().text
    assert '"quantity":1e400' in orders().text


def test_a_true_answer_may_be_edited(server, orders):
    add(server, edit=lambda page: {**page, "data": page["data"] * 2})

    assert len(orders().json()["data"]) == 2


def test_a_late_answer_outlasts_a_client_in_a_hurry(server, till, orders):
    late = add(server, delay=300)
    headers = {"Authorization": f"Bearer {till.token}"}

    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(server.url + "/v1/orders/", headers=headers, timeout=0.1)
    while not late.over:  # the server may come to it later than the client left
        time.sleep(0.01)
    assert orders().status_code == 200


def test_a_body_may_drip_so_that_no_single_read_times_out(server, till, reader):
    server.faults.add("/v1/catalog/", drip=0.001)

    assert json.loads(reader.get("/v1/catalog/").content) == []


def test_a_server_that_drips_can_be_closed_at_once(till):
    started = time.monotonic()
    with serve(till) as server:
        server.faults.add("*", drip=600)
        headers = {"Authorization": f"Bearer {till.token}"}
        requests.get(server.url + "/v1/reports/", headers=headers, stream=True, timeout=60).close()

    assert time.monotonic() - started < 300


def test_a_redirect_points_elsewhere(server, orders):
    add(server, redirect="http://127.0.0.1:9/v1/orders/")

    answer = orders()

    assert (answer.status_code, answer.headers["Location"]) == (302, "http://127.0.0.1:9/v1/orders/")


def test_a_key_may_stop_being_good_in_the_middle_of_a_night(server, reader, orders):
    server.faults.add(token_refused_after=2)

    statuses = [reader.get("/v1/catalog/").status_code, *(orders().status_code for _ in range(3))]

    assert statuses == [200, 200, 401, 401]
    server.faults.clear()
    assert orders().status_code == 200


def test_one_venue_may_fail_while_the_other_is_served():
    ours, theirs = Till(token="ours", name="Le Zinc"), Till(token="theirs", name="La Grappe")
    with serve([ours, theirs]) as server:
        server.faults.add(till=theirs, status=500, times=9)

        assert Reader(server, "ours").get("/v1/catalog/").status_code == 200
        assert Reader(server, "theirs").get("/v1/catalog/").status_code == 500


def test_a_fault_nobody_knows_is_refused(server):
    with pytest.raises(TypeError, match="explode"):
        add(server, explode=True)


def test_a_closed_server_answers_nobody(till):
    with serve(till) as server:
        reader = Reader(server, till.token)
        assert reader.get("/v1/catalog/").status_code == 200

    with pytest.raises(requests.exceptions.ConnectionError):
        reader.get("/v1/catalog/")
