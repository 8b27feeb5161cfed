"""How Chinese sounds: syllables without tones, for suggestions, corrections and the admin's choosers.

pypinyin takes a character of several readings by the word it stands in; the names of our own
place are given here, because it reads 长治 as zhǎng zhì.
"""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin, load_phrases_dict

from search import analysis

# Place names as the place says them (GB/T 2260 has the characters, not the sounds).
OWN_READINGS = {
    "长治": [["cháng"], ["zhì"]],
    "长治市": [["cháng"], ["zhì"], ["shì"]],
    "长治县": [["cháng"], ["zhì"], ["xiàn"]],
    "长子县": [["zhǎng"], ["zǐ"], ["xiàn"]],
    "屯留": [["tún"], ["liú"]],
    "荫城": [["yìn"], ["chéng"]],
}
load_phrases_dict(OWN_READINGS)


@lru_cache(maxsize=20_000)
def syllables(text: str) -> tuple[str, ...]:
    """长治 → ("chang", "zhi"); what is no Chinese character stays as one piece, ü is written v."""
    return tuple(lazy_pinyin(text, style=Style.NORMAL, v_to_u=False, errors="default"))


def pinyin(text: str) -> str:
    """The syllables of a Chinese word without spaces; empty when a part of it has no sound."""
    return "".join(syllables(text)) if analysis.is_han(text) else ""


def initials(text: str) -> str:
    """The first letters of the syllables: 科创飞地 → kcfd."""
    return "".join(part[0] for part in syllables(text)) if analysis.is_han(text) else ""


def sound_tokens(text: str) -> str:
    """The tokens of a title that is completed, with the sounds of its Chinese runs."""
    found = analysis.token_text(text).split()
    # As they are typed, not only their stems: `industria` begins no stem.
    for match in analysis.RUN.finditer(analysis.lower(text)):
        if match["word"]:
            found.append(analysis.SIGNS.sub("", match["word"])[: analysis.LONGEST_WORD])
    for match in analysis.HAN_RUN.finditer(text):
        parts = syllables(match[0][:40])
        joined = "".join(parts)
        letters = "".join(part[0] for part in parts)
        # Every word of the run may be where somebody begins to type.
        starts = [0]
        for part in parts[:-1]:
            starts.append(starts[-1] + len(part))
        found += [joined[start : start + 40] for start in starts]
        found += [letters[start : start + 20] for start in range(len(letters))]
    return " ".join(dict.fromkeys(found))
