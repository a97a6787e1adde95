import socket
from pathlib import Path

import pytest

from demo import run


def test_a_busy_port_is_named_together_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(run.Refused, match=f"le port {port} est déjà pris.*PORT=8123 make demo"):
            run.chosen_port()


@pytest.mark.parametrize("text", ["huit mille", "-1", "65536"])
def test_what_is_no_port_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(run.Refused, match="numéro de port"):
        run.chosen_port()


def test_two_demonstrations_do_not_share_one_folder(tmp_path: Path) -> None:
    home = tmp_path / "instance" / "demo"
    with run.alone(home), pytest.raises(run.Refused, match="tourne déjà"), run.alone(home):
        pass
