"""The order of the rooms, and a tree that says nothing of the machine it was written on.

pyproject.toml has the rooms as import-linter's layers; the foreign keys obey the same rows.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps
from wagtail.models import Page

from deploy import tree

pytestmark = pytest.mark.engine_free
ROOT = Path(__file__).resolve().parents[1]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
# Highest room first; rooms of one row share a number.
ROWS = {
    room: number
    for number, row in enumerate(LINTER["contracts"][0]["layers"])
    for room in re.findall(r"\w+", row)
}
# What everybody may point at, whatever the row.
FREE_ROOMS = {"base"}
# Read by a browser: our templates, styles and scripts.
MARKUP = [
    path
    for path in tree.files(ROOT)
    if path.suffix in {".html", ".css", ".js", ".svg", ".xml"}
    and {"templates", "static"} & set(path.relative_to(ROOT).parts)
]


def own_models():
    return [model for model in apps.get_models(include_auto_created=True) if room(model) in ROWS]


def room(model) -> str:
    return model.__module__.split(".")[0]


def wrong_keys(found) -> list[str]:
    """The relations that point up, or sideways to a neighbour."""
    wrong = []
    for model in found:
        for key in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = key.related_model
            if target is None or target in (Page, apps.get_model(settings.AUTH_USER_MODEL)):
                continue
            source_room, target_room = room(model), room(target)
            if source_room == target_room or target_room in FREE_ROOMS or target_room not in ROWS:
                continue
            if ROWS[source_room] >= ROWS[target_room]:
                wrong.append(f"{model._meta.label}.{key.name} -> {target._meta.label}")
    return wrong


def test_every_room_has_its_row():
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "deploy"}
    assert rooms | {"config"} == set(LINTER["root_packages"])
    assert set(LINTER["root_packages"]) <= set(ROWS)


def test_foreign_keys_point_down():
    assert own_models()
    assert wrong_keys(own_models()) == []


@isolate_apps("base", "events", "investment", "policies")
def test_planted_foreign_keys_are_found():
    def planted(name, place, **fields):
        return type(name, (models.Model,), {"__module__": f"{place}.models", **fields})

    def key(to, kind=models.ForeignKey, **options):
        if kind is not models.ManyToManyField:
            options["on_delete"] = models.CASCADE
        return kind(to, related_name="+", **options)

    low = planted("Low", "base")
    policy = planted("Policy", "policies")
    event = planted("Event", "events", fine=key(policy), also_fine=key(low))
    site = planted("Site", "investment", neighbour=key(policy, models.ManyToManyField))
    upward = planted("Upward", "base", event=key(event, models.OneToOneField))
    assert wrong_keys([low, policy, event]) == []
    assert wrong_keys([site]) == ["investment.Site.neighbour -> policies.Policy"]
    assert wrong_keys([upward]) == ["base.Upward.event -> events.Event"]


def lint_imports(root: Path) -> subprocess.CompletedProcess:
    script = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root / "site"), str(root)])},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("room", "line", "complaint"),
    [
        ("users", "", None),
        ("base", "import events", "base is not allowed to import events"),
        ("policies", "import investment", "policies is not allowed to import investment"),
        ("crm", "from policies import apps", "crm is not allowed to import policies"),
    ],
)
def test_planted_imports_are_found(tmp_path, room, line, complaint):
    for name in LINTER["root_packages"]:
        source = ROOT / "site" / name if name == "config" else ROOT / name
        only_code = shutil.ignore_patterns("data", "templates", "static", "__pycache__")
        shutil.copytree(source, tmp_path / source.relative_to(ROOT), ignore=only_code)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / room / "planted.py").write_text(f"{line}\n")
    done = lint_imports(tmp_path)
    assert (done.returncode != 0) == bool(complaint), done.stdout
    if complaint:
        assert complaint in done.stdout.replace("\n", " ")


def test_site_is_no_package():
    """With an `__init__.py`, Python could take our folder for its own module `site`."""
    assert not (ROOT / "site" / "__init__.py").exists()
    assert Path(sys.modules["site"].__file__).parent != ROOT / "site"


# Pieces, so that this file does not hold what it looks for.
TRACES = [
    "/ro" + "ot/",
    "/.py" + "env/",
    "--index" + "-url",
    "--extra-index" + "-url",
    "pypi" + ".org/simple",
    "pythonhosted" + ".org",
    "registry" + ".npmjs",
    "deb" + ".debian.org",
    '"resol' + 'ved"',
    "BEGIN PRIVATE" + " KEY",
    str(ROOT) + "/",
]


def test_tree_names_no_machine_and_no_package_index():
    found = []
    for path in tree.files(ROOT):
        text = path.read_bytes().decode(errors="replace")
        found += [f"{path.relative_to(ROOT)}: {trace}" for trace in TRACES if trace in text]
    assert found == []


# Wagtail's own screens are built on inline scripts; ours below the admin are not public pages.
INLINE = {
    "style attribute": r"<[^>]*\sstyle\s*=",
    "handler attribute": r"<[^>]*\son[a-z]+\s*=\s*[\"']",
    "style element": r"<style[\s>]",
    "script without src": r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(ld\+)?json\")[\s>]",
    "javascript: address": r"[\"']\s*javascript:",
}
# `href` of a link leads away only when clicked; these are fetched.
FETCHED = (
    r"<(?:script|img|source|iframe|video|audio|embed|use|image)\b[^>]*?"
    r"\s(?:src|srcset|xlink:href|href)=[\"'](?:https?:)?//"
    r"|<link\b[^>]*?rel=[\"'](?:stylesheet|preload|icon|preconnect)[^>]*?href=[\"'](?:https?:)?//"
    r"|url\(\s*[\"']?(?:https?:)?//|@import\s+[\"'](?:https?:)?//|\bfetch\(\s*[\"'](?:https?:)?//"
)
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.DOTALL)


@pytest.mark.parametrize("path", MARKUP, ids=lambda path: str(path.relative_to(ROOT)))
def test_markup_is_fit_for_the_content_security_policy(path):
    text = TEMPLATE_COMMENT.sub("", path.read_text())
    found = [
        name
        for name, pattern in INLINE.items()
        if path.suffix == ".html" and re.search(pattern, text, re.IGNORECASE)
    ]
    found += [f"fetches {hit.group(0)}" for hit in re.finditer(FETCHED, text, re.IGNORECASE)]
    assert found == []


def test_soft_limits_are_only_told():
    """Length is a question to the writer, not an error."""
    limits = {".py": 300, ".html": 80, ".css": 300, ".js": 300}
    for path in tree.files(ROOT):
        name = path.relative_to(ROOT)
        if path.suffix in limits and not {"migrations", "docs"} & set(name.parts):
            lines = len(path.read_text().splitlines())
            if lines > limits[path.suffix]:
                warnings.warn(f"{name} has {lines} lines", stacklevel=1)
