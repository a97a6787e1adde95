# Everything happens in .venv and instance/: no root, no system service, no configuration.

PY := .venv/bin/python
export TZ := UTC
# Half of a process's start is compiling what it imports: the demo starts eight of them, the tests dozens.
export PYTHONDONTWRITEBYTECODE :=

# The tests that give the table's other figures.
QUICK := $(addprefix tests/,docs jalia matching services jobs cli)
FAULTS := $(addprefix tests/faults/test_,fifty_tablets.py hostile_answers.py generated_answers.py every_transition.py)

.PHONY: demo demo-reset serve test test-quick test-faults lint format translations bench requirements clean

demo: .venv/runtime  ## the whole product with a simulated till, in the foreground; PORT=8123 make demo moves it
	@$(PY) -m demo.run

demo-reset: .venv/runtime  ## forget the demo's bar; the next `make demo` starts afresh
	@$(PY) -m demo.run --reset

serve: .venv/runtime  ## the app alone, reloading itself, on instance/sommit.db
	@$(PY) -m flask --app app db upgrade
	@$(PY) -m flask --app app run --debug --port $${PORT:-8000}

test: .venv/dev  ## install what the tests need, run them all
	@$(PY) -m scripts.test_needs
	@$(PY) -m pytest -n 4 --dist worksteal

test-quick: .venv/dev  ## what needs two minutes: the rules, on SQLite, without a screen, up to the first failure
	@$(PY) -m pytest -x -q -n 4 --dist worksteal -k "not postgres" $(QUICK)

test-faults: .venv/dev  ## everything about faults, long: MINUTES=30 make test-faults; prints the table of figures with seeds
	@$(PY) -m scripts.test_needs --only postgres
	@SOMMIT_FAULT_MINUTES=$${MINUTES:-15} $(PY) -m pytest -q -p no:cacheprovider -o tmp_path_retention_policy=failed \
		-n 4 --dist load --maxschedchunk 2 tests/faults/long $(FAULTS)

lint: .venv/dev  ## style, types, the arrows between layers, templates
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@$(PY) -m djlint sommit/templates --lint --quiet

format: .venv/dev
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

translations: .venv/dev  ## collect the sentences of the screen; lists those that English still lacks
	@$(PY) -m scripts.translations

bench: .venv/dev  ## all benchmarks, as ratios in one run
	@$(PY) -m scripts.test_needs --only postgres
	@$(PY) -m bench

requirements: .venv/dev  ## pin again what *.in ask for
	@.venv/bin/uv pip compile --quiet --universal --no-header --no-annotate --python-version 3.11 \
		requirements.in --output-file requirements.txt
	@.venv/bin/uv pip compile --quiet --universal --no-header --no-annotate --python-version 3.11 \
		requirements-dev.in --output-file requirements-dev.txt

clean:  ## everything that the commands above made, save instance/
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is written last: an interrupted installation is done again, a finished one costs nothing.
.venv/runtime: requirements.txt scripts/install.sh
	@scripts/install.sh requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt scripts/install.sh
	@scripts/install.sh requirements-dev.txt
	@touch $@ .venv/runtime
