"""The WSGI entry point: `gunicorn app:app`, `flask --app app ...`."""

import sys

from sommit import create_app
from sommit.config import UnsafeSetting

try:
    app = create_app()
except UnsafeSetting as unsafe:
    sys.exit(str(unsafe))
