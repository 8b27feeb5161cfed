"""Tables for the terminal, with Chinese counted two columns wide."""

import unicodedata


def table(title: str, columns: list[str], rows: list[list]) -> str:
    lines = [columns, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(width(line[i]) for line in lines) for i in range(len(columns))]
    text = [
        "  ".join(
            cell + " " * (size - width(cell)) for cell, size in zip(line, widths, strict=True)
        )
        for line in lines
    ]
    text.insert(1, "  ".join("-" * size for size in widths))
    return "\n".join(["", title, "", *(line.rstrip() for line in text), ""])


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
