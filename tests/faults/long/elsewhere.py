"""The application as another machine has it, for `flask --app tests.faults.long.elsewhere worker`.

Its files are its own: nobody here sees by them whether its readers live, so that a dead one's lease has to run out.
"""

import os

from sommit import create_app

app = create_app()
app.instance_path = os.environ["ELSEWHERE"]
