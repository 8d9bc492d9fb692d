"""How much two texts have in common, by the short runs of letters that both hold. Pure.

Shingles after Broder 1997, "On the resemblance and containment of documents"; of letters and not of
words, so that texts without spaces between words (Chinese, Japanese, Thai) are compared as well.
"""

from __future__ import annotations

# Letters of one shingle: three are shared by unrelated texts of an alphabet, five by hardly a sentence
# with one word changed in Chinese.
SIZE = 4
# Of a longer text its beginning stands for the whole.
LONGEST = 20_000


def shingles(letters: str) -> frozenset[str]:
    """Every run of so many letters; the whole text where it is shorter."""
    text = letters[:LONGEST]
    return (
        frozenset(text[at : at + SIZE] for at in range(max(len(text) - SIZE + 1, 1))) if text else frozenset()
    )


def resemblance(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 (nothing in common) to 1 (the same), as the share of all shingles that both hold (Jaccard)."""
    together = len(one | other)
    return len(one & other) / together if together else 1.0
