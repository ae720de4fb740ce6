"""Questions for PrairieLearn, and the image of the grader that they are graded in."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from html import escape

import msgspec

from grader.catalogue import Kata
from grader.hosts.one import SETTINGS, Settings
from grader.hosts.prairielearn import KATA
from grader.packages import contents
from grader.packages.contents import File

IMAGE = "asyncio-katas"
SECONDS = 300

DOCKERFILE = """\
FROM python:3.12-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends \\
    bubblewrap libseccomp2 && rm -rf /var/lib/apt/lists/*
COPY source /source
RUN python -m pip install --no-cache-dir --require-hashes -r /source/requirements.lock \\
    && chmod -R go-rwx /source/tests /source/solutions /source/katas \\
    && chmod 755 /source/run.sh
"""

RUN = """\
#!/bin/sh
# The host runs it in the image for each submission.
cd /source || exit 1
export PYTHONPATH=/source PYTHONDONTWRITEBYTECODE=1
exec python -P -m grader.hosts.prairielearn /grade /source
"""

QUESTION = """\
<pl-question-panel>
<markdown>
{statement}
</markdown>
<pl-file-editor file-name="{slug}.py" ace-mode="ace/mode/python"
  source-file-name="{slug}.py"></pl-file-editor>
</pl-question-panel>
<pl-submission-panel>
<pl-external-grader-results></pl-external-grader-results>
<pl-file-preview></pl-file-preview>
</pl-submission-panel>
"""

_NAMESPACE = uuid.UUID("6d0a9d53-5b0c-5d1c-8d0a-0f6f5f3d7a10")


def files(katas: Iterable[Kata], settings: Settings) -> Iterator[File]:
    """Yield the folder `image` to build, and `questions` for the course."""
    yield File("image/Dockerfile", DOCKERFILE.encode())
    yield File("image/source/run.sh", RUN.encode(), executable=True)
    # Less than the host gives: then there is an answer in any case.
    told = msgspec.structs.replace(settings, seconds=SECONDS * 0.8)
    yield File(f"image/source/{SETTINGS}", msgspec.json.encode(told))
    for file in contents.grader():
        yield _in_image(file)
    for kata in katas:
        for part in (contents.folder, contents.laws, contents.reference):
            for file in part(kata):
                yield _in_image(file)
        yield from _question(kata)


def _in_image(file: File) -> File:
    return file._replace(place=f"image/source/{file.place}")


def _question(kata: Kata) -> Iterator[File]:
    place = f"questions/{kata.slug}"
    yield File(f"{place}/info.json", json.dumps(_info(kata), indent=2).encode())
    statement = escape(kata.readme.read_text("utf-8"), quote=False)
    text = QUESTION.format(statement=statement, slug=kata.slug)
    yield File(f"{place}/question.html", text.encode())
    yield File(f"{place}/{kata.slug}.py", kata.stub.read_bytes())
    yield File(f"{place}/tests/{KATA}", f"{kata.slug}\n".encode())


def _info(kata: Kata) -> dict[str, object]:
    return {
        "uuid": str(uuid.uuid5(_NAMESPACE, kata.slug)),
        "title": kata.title,
        "topic": "asyncio",
        "tags": list(kata.topics),
        "type": "v3",
        "singleVariant": True,
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": IMAGE,
            "entrypoint": "/source/run.sh",
            "timeout": SECONDS,
        },
    }
