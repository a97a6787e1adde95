"""The product's worker, which also knows the jobs of the tests: `python -m tests.house.worker_process ADDRESS DB`."""

import sys

from sommit import create_app
from sommit.jobs.worker import KnownJob, run_worker

JOBS = frozenset(f"tests.house.jobs.{name}" for name in ("note", "nap", "hold"))

if __name__ == "__main__":
    KnownJob.known |= JOBS
    run_worker(
        create_app(
            {
                "REDIS_URL": sys.argv[1],
                "SQLALCHEMY_DATABASE_URI": f"sqlite:///{sys.argv[2]}",
                "RATELIMIT_STORAGE_URI": "memory://",
            }
        )
    )
