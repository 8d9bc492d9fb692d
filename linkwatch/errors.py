"""The errors of linkwatch: our own faults only, never the remote's.

LinkwatchError                  exit code 3: the job could not be done
├── UsageError                  exit code 2
│   ├── ConfigError             linkwatch.toml is wrong
│   ├── CorpusError             a path that was named cannot be read
│   └── UnknownUrlError         no article cites the URL that was asked about
├── StoreError
│   ├── NotADatabaseError       not SQLite, damaged, or not ours
│   ├── NewerSchemaError        written by a newer linkwatch
│   └── LockedError             another run holds the database
├── OfflineError                our own network is down: nothing is recorded against any URL
├── ArchiveError                the archive said stop
└── MissingExtraError           a command needs an extra that is not installed

What a remote server does wrong is a value (``model.Failure``), not an exception.
Each message is one line and says what to do next.
Stopped is not an error: somebody wants us to end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signal import Signals


class LinkwatchError(Exception):
    """The job could not be done; the message says what to do next."""

    exit_code = 3


class UsageError(LinkwatchError):
    """The command was called with something that makes no sense."""

    exit_code = 2


class ConfigError(UsageError):
    """The configuration is wrong; the message names the key."""


class CorpusError(UsageError):
    """A path that was named cannot be read."""


class UnknownUrlError(UsageError):
    """The URL that was asked about is not in the database; the message offers the nearest."""


class StoreError(LinkwatchError):
    """The database cannot be used as it is."""


class NotADatabaseError(StoreError):
    """The file is not SQLite, is damaged, or belongs to another program."""


class NewerSchemaError(StoreError):
    """The database was written by a newer linkwatch."""


class LockedError(StoreError):
    """Another run holds the database."""


class OfflineError(LinkwatchError):
    """Our own network is down, so nothing can be said of any URL."""


class ArchiveError(LinkwatchError):
    """The archive refused us, or told us to stop."""


class MissingExtraError(LinkwatchError):
    """The command needs an optional dependency that is not installed."""


class Stopped(BaseException):
    """A signal came that ends us. Not an ``Exception``, so that nothing swallows it."""

    def __init__(self, signal: Signals) -> None:
        super().__init__(signal.name)
        self.exit_code = 128 + signal
