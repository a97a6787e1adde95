"""`python -m bench.import_process DATABASE TILL CLOSINGS`: one first reading; says the process's peak in bytes."""

import resource
import sys

from bench.import_speed import imported


def main(database_url: str, till_url: str, closings: str) -> None:
    imported(database_url, till_url, int(closings))
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(kilobytes * (1 if sys.platform == "darwin" else 1024))


if __name__ == "__main__":
    main(*sys.argv[1:])
