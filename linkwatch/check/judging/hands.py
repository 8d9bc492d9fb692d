"""Whether answers of several hosts come from one hand, as of a captive portal or a filter. Pure.

What stands between us and all hosts fills in one template. The address that was asked for, a token or the
time may stand in it, so such words are left out; or it sends everybody somewhere, each perhaps to a place
of its own.
"""

from __future__ import annotations

from hashlib import blake2b
from urllib.parse import urlsplit

from linkwatch.check.judging.page import letters, read
from linkwatch.check.judging.shingles import LONGEST, resemblance, shingles
from linkwatch.model import Answer, Failure, Observation
from linkwatch.urls import domain_of, host_of

# As much of an answer as its mark is made of.
BEGINNING = 2_048
# A template that is filled in grows by a few words, hardly to more than so many times its size.
OTHER_SIZE = 2
# Words with one of these in them are addresses, numbers and tokens.
_NAMING = b"0123456789./@%"
_ONE = ord("0")  # stands for all of them, so that one look at a word is enough
_AS_ONE = bytes(_ONE if each in _NAMING else each for each in range(256))


def mark(seen: Observation) -> bytes | None:
    """What answers of one hand have in common, told quickly and without care; None where that is nothing.

    Where one was sent; else the words that an answer begins with, whatever its status.
    """
    if (landing := landed_at(seen)) is not None:
        return landing.encode()  # also where nothing can be had there, or we must not go
    match seen.outcome:
        case Failure(reason):  # such as a circle: then by the way there
            return f"{reason} at {urlsplit(seen.final_url).path}".encode() if len(seen.hops) > 1 else None
        case Answer(body=body):
            words = _telling(body[:BEGINNING])
            return blake2b(b" ".join(words), digest_size=16).digest() if words else None


def landed_at(seen: Observation) -> str | None:
    """The domain of another one where a redirect led."""
    if len(seen.hops) < 2:  # as nearly all: nobody was sent anywhere
        return None
    landing = domain(seen.final_url)
    return landing if landing != domain(seen.url) else None


def domain(url: str) -> str:
    """The registrable domain of a URL."""
    return domain_of(host_of(url).lower())


def is_one_hand(one: Answer, other: Answer, share: float) -> bool:
    """Whether two answers share their title and so much of what they say, told with care.

    Not where they say nothing.
    """
    few, many = sorted((len(one.body), len(other.body)))
    if many > OTHER_SIZE * few or _title(one) != _title(other):
        return False
    first, second = _said(one), _said(other)
    if not first and not second:
        return _telling(one.body) == _telling(other.body) != []
    return resemblance(shingles(first), shingles(second)) >= share


def _telling(text: bytes) -> list[bytes]:
    """The words of a text that name nothing, tags among them; none where there are only tags."""
    words = text.replace(b"<", b" <").replace(b">", b"> ").translate(_AS_ONE).split()
    telling = [each for each in words if _ONE not in each]
    return telling if any(each[0] != ord("<") and each[-1] != ord(">") for each in telling) else []


def _title(answer: Answer) -> str:
    return _letters((read(answer).title or "").encode("utf-8", "replace"))


def _said(answer: Answer) -> str:
    """What an answer says to a reader."""
    page = read(answer)
    return _letters(page.text[:LONGEST].encode("utf-8", "replace") if page.is_html else answer.body[:LONGEST])


def _letters(text: bytes) -> str:
    """The letters of a text without words that name something."""
    return letters(b" ".join(_telling(text)).decode("utf-8", "replace"))
