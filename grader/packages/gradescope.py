"""The autograder that Gradescope takes: a zip with `setup.sh` and `run_autograder`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from grader.catalogue import Kata
from grader.hosts.one import SETTINGS, Settings
from grader.packages import contents
from grader.packages.contents import File

SETUP = """\
#!/usr/bin/env bash
# Makes the autograder ready; the host runs it once, as root, when it builds its image.
set -euo pipefail

home=${AUTOGRADER:-/autograder}
cd "$home/source"

find_python() {
  local each
  for each in python3.13 python3.12 python3.11 python3; do
    if "$each" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \\
      2>/dev/null; then
      echo "$each"
      return
    fi
  done
  return 1
}

if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends bubblewrap libseccomp2
  find_python >/dev/null ||
    apt-get install -y -qq --no-install-recommends python3.11 python3.11-venv
fi

python=$(find_python) || {
  echo 'no Python 3.11 or newer: choose a newer base image' >&2
  exit 1
}
"$python" -m venv "$home/venv"
"$home/venv/bin/python" -m pip --disable-pip-version-check --no-input -q install \\
  --require-hashes -r requirements.lock

# The hidden tests and our own answers are for root alone; so are the katas' hints.
chmod -R go-rwx tests solutions katas settings.json
"""

RUN = """\
#!/usr/bin/env bash
# The host runs it for each submission, as root.
set -u
home=${AUTOGRADER:-/autograder}
cd "$home/source" || exit 1
export PYTHONPATH="$home/source" PYTHONDONTWRITEBYTECODE=1
exec "$home/venv/bin/python" -P -m grader.hosts.gradescope "$home"
"""


def files(katas: Iterable[Kata], settings: Settings) -> Iterator[File]:
    """Yield what the zip holds."""
    yield File("setup.sh", SETUP.encode(), executable=True)
    yield File("run_autograder", RUN.encode(), executable=True)
    yield File(SETTINGS, msgspec.json.encode(settings))
    yield from contents.grader()
    for kata in katas:
        yield from contents.folder(kata)
        yield from contents.laws(kata)
        yield from contents.reference(kata)
