#!/bin/sh
# Make .venv where it is missing and install a file of pins into it: with uv (seconds), or with pip where uv cannot.
set -eu
pins=$1

newest_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer is needed, and none was found on PATH (python3 is $(python3 -V 2>&1 || echo absent))." >&2
    return 1
}

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(newest_python)
    echo "Making .venv with $("$python" -V) ..."
    if ! "$python" -m venv --clear .venv; then
        echo "\"$python -m venv\" failed. On Debian and Ubuntu the package python3-venv brings what it needs." >&2
        exit 1
    fi
fi

echo "Installing $pins ..."
if ! .venv/bin/python -m uv --version >/dev/null 2>&1; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check uv || true
fi
if ! .venv/bin/python -m uv pip install --quiet --python .venv/bin/python --requirement "$pins"; then
    echo "uv could not (it does not read pip's own settings); installing with pip ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$pins"
fi
