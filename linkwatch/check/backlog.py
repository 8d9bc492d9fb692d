"""What is to be fetched, host by host: there may be more of it than fits into memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Target(Protocol):
    """Something to fetch from a host."""

    @property
    def host(self) -> str:
        """Whose turn it uses."""


T = TypeVar("T", bound=Target)


class Queue(NamedTuple):
    """How much is to be fetched from one host, and whether it is known to keep us waiting.

    A plain tuple, because there may be hundreds of thousands.
    """

    host: str
    targets: int
    hangs: bool = False


class Backlog(ABC, Generic[T]):
    """All that is to be fetched: how much of each host now, the targets themselves bit by bit."""

    @abstractmethod
    def __len__(self) -> int:
        """How many targets there were at the start."""

    @abstractmethod
    def queues(self) -> list[Queue]:
        """Every host of which something is to be fetched."""

    @abstractmethod
    def more(self, host: str, size: int) -> Sequence[T]:
        """The next targets of a host, at most so many; not asked for more than there were at the start."""


class Listed(Backlog[T]):
    """Targets that are at hand already."""

    def __init__(self, targets: Iterable[T]) -> None:
        self._targets: dict[str, deque[T]] = defaultdict(deque)
        for target in targets:
            self._targets[target.host].append(target)
        self._size = sum(map(len, self._targets.values()))

    def __len__(self) -> int:
        """All of them."""
        return self._size

    def queues(self) -> list[Queue]:
        """The hosts in the order in which they were met."""
        return [Queue(host, len(targets)) for host, targets in self._targets.items()]

    def more(self, host: str, size: int) -> Sequence[T]:
        """The next of a host, in the order in which they were met."""
        left = self._targets[host]
        return [left.popleft() for _ in range(min(size, len(left)))]
