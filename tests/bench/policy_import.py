"""The import of 5,000 policies from a spreadsheet: seconds, and whether memory stays flat.

    python -m tests.bench.policy_import [FILE]

Each import is a process of its own, the command that an operator runs, so that its greatest memory
can be asked of the system. Without an environment it works on an empty SQLite database of its own,
which is forgotten. FILE is imported instead of the spreadsheets, for a look at a file of one's own.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FEW, MANY = 1_000, 5_000
MOST_SECONDS = 120
# What four thousand more rows may add to the greatest memory: the words of the spreadsheet, which
# the format keeps in one table that must be read first, and nothing for each policy.
MOST_GROWTH_MB = 40
WORDS = (
    "为了促进科技创新支持企业发展优化营商环境推动产业转型升级鼓励高等院校科研机构与本区企业合作建设公共服务平台"
    "提供研发孵化检测融资人才培训知识产权保护等服务符合条件的单位可以按照规定向主管部门提出申请"
)
PREPARE = """
import django; django.setup()
from django.core.management import call_command
from django_tasks import task_backends
from django_tasks.backends.dummy import DummyBackend
task_backends["default"] = DummyBackend(alias="default", params={})
call_command("migrate", verbosity=0)
from content.loader import ensure_locales
ensure_locales()
from tests.bench import corpus
corpus.load(iter([]))
"""


def measure(environment: dict[str, str] | None = None) -> dict[str, float]:
    """Import 1,000 and then 5,000 policies; returns seconds and megabytes by name.

    Args:
        environment: of the processes: DATABASE_URL of a database with a policy library, VAR_DIR and
            DJANGO_SETTINGS_MODULE. None: a database of its own.

    Raises:
        RuntimeError: an import failed; the message is what it printed.
    """
    with _site(environment) as site:
        figures: dict[str, float] = {}
        folder = Path(site["VAR_DIR"])
        for number in (FEW, MANY):
            file = folder / f"bench-{number}.xlsx"
            write_spreadsheet(file, number)
            seconds, megabytes, _said = run_import(file, site)
            figures |= {f"seconds_{number}": seconds, f"megabytes_{number}": megabytes}
            file.unlink()
        growth = figures[f"megabytes_{MANY}"] - figures[f"megabytes_{FEW}"]
        return figures | {
            "seconds": figures[f"seconds_{MANY}"],
            "most_seconds": MOST_SECONDS,
            "growth_megabytes": round(growth, 1),
            "most_growth_megabytes": MOST_GROWTH_MB,
        }


def is_met(figures: dict[str, float]) -> bool:
    return figures["seconds"] <= MOST_SECONDS and figures["growth_megabytes"] <= MOST_GROWTH_MB


def write_spreadsheet(path: Path, number: int) -> None:
    """`number` policies with texts of some 800 characters, as Excel would have them."""
    from openpyxl import Workbook

    dice = random.Random(number)  # noqa: S311 the same file every time
    book = Workbook(write_only=True)
    sheet = book.create_sheet("政策")
    heads = ["标题", "层级", "发布机关", "文号", "成文日期", "施行日期", "主题分类", "正文"]
    sheet.append([*heads, "来源编号"])
    for n in range(number):
        day = date(2015, 1, 1) + timedelta(days=dice.randrange(4000))
        lines = (
            f"第{i}条 {''.join(dice.sample(WORDS, 60))}，{''.join(dice.sample(WORDS, 60))}。"
            for i in range(1, 7)
        )
        title = f"{''.join(dice.sample(WORDS, 12))}办法（第{number}-{n}号）"
        sheet.append(
            [
                title,
                dice.choice(["国家", "省", "市", "区", "园区"]),
                "长治市上党区人民政府",
                f"示{'例' if number == MANY else '范'}发〔{day.year}〕{n + 1}号",
                day,
                day + timedelta(days=30),
                dice.choice(["科技创新", "招商引资", "人才", "金融"]),
                "\n".join(["第一章 总则", *lines]),
                f"bench-{number}-{n}",
            ]
        )
    book.save(path)


def run_import(file: Path, environment: dict[str, str]) -> tuple[float, float, str]:
    """Run the command; returns seconds, the greatest memory in megabytes, and what it printed."""
    command = [sys.executable, "manage.py", "import_policies", str(file), "--publish"]
    started = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode(errors="replace")
    if process.returncode:
        raise RuntimeError(text[-2000:])
    return round(time.monotonic() - started, 1), round(usage.ru_maxrss / 1024, 1), text


@contextmanager
def _site(given: dict[str, str] | None) -> Iterator[dict[str, str]]:
    base = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)])}
    base.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    if given is not None:
        yield base | given
        return
    with tempfile.TemporaryDirectory() as folder:
        own = base | {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
        subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=own, check=True)
        yield own


def main() -> int:
    if len(sys.argv) > 1:
        with _site(None) as site:
            seconds, megabytes, said = run_import(Path(sys.argv[1]).resolve(), site)
        print(f"{said}{seconds} s, {megabytes} MB")
        return 0
    figures = measure()
    print(json.dumps(figures, indent=1))
    return 0 if is_met(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
