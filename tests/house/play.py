"""A supervisor with trivial children: `python -m tests.house.play DIRECTORY NAME=WHAT ...`, see `_child`."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from demo.supervisor import Ended, Supervisor


def main(directory: str, *cast: str) -> int:
    Path(directory, "supervisor").write_text(str(os.getpid()))
    try:
        with Supervisor() as house:
            for member in cast:
                name, what = member.split("=")
                command = [sys.executable, "-m", "tests.house.play", "child", directory, name, what]
                (house.run if what == "step" else house.start)(name, command, os.environ)
            house.watch()
    except KeyboardInterrupt:
        return 0
    except Ended as failure:
        sys.stdout.write(f"{failure}\n")
        return 1


def _child(directory: str, name: str, what: str) -> None:
    """Live for ever, with a grandchild; `stubborn` ignores SIGTERM; `short` and `step` end at once with code 3."""
    sys.stdout.write(f"bonsoir de {name}\n")
    sys.stdout.flush()
    if what in ("short", "step"):
        sys.exit(3)
    if what == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    for pid, suffix in ((os.getpid(), "self"), (os.getppid(), "tether"), (grandchild.pid, "grandchild")):
        Path(directory, f"{name}-{suffix}.pid").write_text(str(pid))
    time.sleep(600)


if __name__ == "__main__":
    if sys.argv[1] == "child":
        _child(*sys.argv[2:])
    else:
        sys.exit(main(*sys.argv[1:]))
