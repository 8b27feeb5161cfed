"""The operator's command for the index of the search."""

import sys

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search import checking, health, upkeep, vocabulary

ACTIONS = ["rebuild", "check", "repair", "status", "words", "tend"]


class Command(BaseCommand):
    help = (
        "rebuild: make the index anew while the old one answers. check: compare it with the "
        "database (exit code 1 when it differs). repair: check, and mend what differs. status: how "
        "it stands. words: only the vocabulary of suggestions and corrections. tend: what housekeeping "
        "does every five minutes."
    )

    def add_arguments(self, parser):
        parser.add_argument("action", choices=ACTIONS)
        parser.add_argument(
            "--engine",
            choices=[upkeep.DATABASE, upkeep.ELASTICSEARCH],
            help="only this one; without it all that the site has",
        )

    def handle(self, *args, **options):
        asked = options["engine"]
        if asked == upkeep.ELASTICSEARCH and not health.configured():
            raise CommandError("This site has no Elasticsearch: ELASTICSEARCH_URL is not set.")
        engines = [asked] if asked else upkeep.engines()
        try:
            getattr(self, f"do_{options['action']}")(engines, options["verbosity"])
        except health.failures() as error:
            said = " ".join(str(error).split())
            raise CommandError(f"Elasticsearch failed: {said[:300]}") from error

    def do_rebuild(self, engines, verbosity):
        for engine in engines:
            with self.bar(engine, verbosity) as bar:
                done = upkeep.rebuild(engine, bar.update)
            self.say(verbosity, f"{engine}: {done} objects")

    def do_check(self, engines, verbosity):
        differing = [engine for engine in engines if self.compare(engine, verbosity)]
        if differing:
            raise CommandError(f"differs from the database: {', '.join(differing)}", returncode=1)

    def do_repair(self, engines, verbosity):
        for engine in engines:
            found = self.compare(engine, verbosity)
            if not found:
                continue
            checking.repair(engine, found)
            if checking.check(engine):
                raise CommandError(f"{engine} still differs from the database")
            self.say(verbosity, f"{engine}: repaired")

    def do_status(self, engines, verbosity):
        for name, value in upkeep.status().items():
            self.say(1, f"{name}: {value}")

    def do_words(self, engines, verbosity):
        self.say(verbosity, f"{vocabulary.rebuild()} words")

    def do_tend(self, engines, verbosity):
        if upkeep.ELASTICSEARCH in engines:
            health.probe()
        upkeep.index_expired()
        if vocabulary.is_old():
            self.do_words(engines, verbosity)

    def compare(self, engine, verbosity):
        with self.bar(engine, verbosity) as bar:
            found = checking.check(engine, bar.update)
        self.say(
            verbosity,
            f"{engine}: {found.checked} objects, {found.number('missing')} missing, "
            f"{found.number('old')} out of date, {found.number('extra')} of nothing"
            + (", the full-text table is broken" if found.broken else ""),
        )
        return found

    def bar(self, engine, verbosity):
        quiet = not verbosity or not sys.stderr.isatty()
        return tqdm(total=upkeep.count(), desc=engine, unit="objects", disable=quiet)

    def say(self, verbosity, text):
        if verbosity:
            self.stdout.write(text)
