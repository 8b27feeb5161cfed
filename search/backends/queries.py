"""Queries of the admin (lists, choosers) in our tokens: all words, each anywhere in the text."""

from search.analysis import LONGEST_WORD, RUN, SIGNS, asked_tokens, lower, normalise

LONGEST = 200


def word_tokens(text: str, last_is_prefix: bool = False) -> list[str]:
    """The tokens that a text must have to contain all words of a query; `*` ends a prefix."""
    runs = [match[0] for match in RUN.finditer(lower(normalise(text[:LONGEST])))]
    wanted: list[str] = []
    for number, run in enumerate(runs):
        if last_is_prefix and number == len(runs) - 1 and run[0].isascii():
            # As typed, not its stem: what is completed has the words as they are, too.
            wanted.append(f"{SIGNS.sub('', run)[:LONGEST_WORD]}*")
        else:
            wanted += asked_tokens(run)
    return list(dict.fromkeys(wanted))
