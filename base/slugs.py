"""ASCII addresses for Chinese titles."""

from django.utils.text import slugify
from pypinyin import lazy_pinyin, load_phrases_dict

# pypinyin reads the prefecture's name as "zhǎng zhì" and the neighbour county as "cháng zǐ".
load_phrases_dict({"长治": [["cháng"], ["zhì"]], "长子县": [["zhǎng"], ["zǐ"], ["xiàn"]]})


def ascii_slug(text: str, max_length: int = 80) -> str:
    """Return `text` as an ASCII slug, Chinese characters in pinyin without tones.

    >>> ascii_slug("长治上党")
    'chang-zhi-shang-dang'
    """
    slug = slugify(" ".join(lazy_pinyin(text)))
    if len(slug) > max_length:
        slug = slug[:max_length].rsplit("-", 1)[0]
    return slug
