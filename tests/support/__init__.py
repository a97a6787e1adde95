"""What the tests need from the machine: a browser, a Postgres."""
