"""The keys of the Internet Archive: from the environment only, and shown nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCESS = "IA_ACCESS_KEY_ID"
SECRET = "IA_SECRET_ACCESS_KEY"  # noqa: S105 - the name of the variable, not its value


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """An S3-like pair of keys of an Internet Archive account."""

    access: str
    secret: str

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> Keys | None:
        """The keys in an environment; None unless both are there."""
        access = environment.get(ACCESS, "").strip()
        secret = environment.get(SECRET, "").strip()
        return cls(access, secret) if access and secret else None

    @property
    def authorization(self) -> str:
        """The value of the ``Authorization`` header."""
        return f"LOW {self.access}:{self.secret}"

    def __repr__(self) -> str:
        return "Keys(hidden)"
