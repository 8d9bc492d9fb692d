"""What the Internet Archive allows, and how we stay within it: each number with source and date.

The rates that a publication may set itself are in ``config.Archive``. The archive changes its
limits without changing the date of its document, so each number here is a name, not a law.
"""

from __future__ import annotations

from linkwatch.config import Archive
from linkwatch.policy import DAY, HOUR, MINUTE

# Without keys, captures a minute (Save Page Now 2 API document, copy of 2025-10-22).
ANONYMOUS_PER_MINUTE = 3.0

# CDX answers were measured at 15 to 52 seconds (spn-client, 2026-09-28); past this we give up.
LOOKUP_TIMEOUT = 75.0
# Slow answers must not keep us from our rate: so many questions may be under way at once.
LOOKUPS_AT_ONCE = 4
# arquivo.pt blocks for good whoever sends it more than 400 Memento requests a minute from one address
# (arquivo/pwa-technologies wiki); a quarter of that leaves room for others behind the same address.
SOURCE_PER_MINUTE = {"arquivo.pt": 0.25 * 400}
# Of other archives no limit is known, and a MemGator asks a dozen of them for each question: no faster
# than the Wayback Machine wants its index asked.
OTHER_SOURCE_PER_MINUTE = Archive().lookups_per_minute
# From a TimeGate to a memento there is one redirect (RFC 7089, 4.1); archives add some of their own.
SOURCE_HOPS = 5
# Connecting takes Save Page Now up to 10 s, a page 50 s (API document); submission is quicker.
SAVE_TIMEOUT = 60.0
# A whole capture may take 2 minutes (API document), and an anonymous one is answered when it is done.
ANONYMOUS_TIMEOUT = 130.0
# No answer we ask for is longer: ten index rows, or fifty jobs with 500 resources each.
BODY_LIMIT = 16 * 1024 * 1024

# There is no Retry-After (edgi, 2023-11-27); a 429 ignored for more than a minute becomes a
# firewall block of an hour, doubling each time (archive staff, quoted in edgi #137).
PAUSE_AFTER_429 = 60.0
# So many in a row and the archive means it: nothing more in this run.
STRIKES_429 = 3
# So many questions in a row without a usable answer: the archive is down, or has blocked us
# (spn-client stops look-ups after five).
STRIKES_UNKNOWN = 5
# So many submissions in a row that found all our places taken, though some were said to be free:
# somebody else uses the account (InternetArchiveBot tries 21 times, two seconds apart).
STRIKES_FULL = 3

# Of a TimeMap no more is read: two thousand mementos in link-format. Those of a front page have megabytes.
TIMEMAP_LIMIT = 256 * 1024

# Where the memento nearest to a time is an error, so many others are looked at: a TimeMap has no status.
SOURCE_LOOKS = 3

# How many captures around the citation are kept as candidates for a dead URL.
CANDIDATES = 10
# A URL cited at several times is looked up near so many of them at most, and times closer than
# this together count as one.
DATES_PER_URL = 3
DATES_APART = 180 * DAY

# "No" is asked again after a month, "don't know" in the next night (which may start early).
NOT_ARCHIVED_RECHECK = 30 * DAY
UNKNOWN_RECHECK = 20 * HOUR
# The newest captures of a blocked page that are asked for: the index may list other spellings first.
WITNESSES = 3
# What the archive has of a page that is blocked to us is asked again as often as "no" is.
WITNESS_RECHECK = 30 * DAY

# Jobs running at once where the archive does not say: 3 were free with none running (2026-09-06).
SLOTS = 3
# Job ids in one status request (wayback-machine-archiver asks for 50).
JOBS_PER_REQUEST = 50
# Waiting for jobs starts at the pace of captures, grows by half each time up to a minute
# (wayback-machine-archiver), and ends after these many waits: about five minutes at 6 a minute.
POLL_WAITS = 8
POLL_GROWTH = 1.5
POLL_MAX = MINUTE
# "Check within one hour" (API document): a job id that has expired is pending for ever.
JOB_LIFETIME = HOUR
# A capture was missing from the index after 1 h 42 min and there after 5.5 h (2026-09): an index
# without it says nothing earlier than this.
INDEX_LAG = 6 * HOUR
# The clock of the archive and ours may differ by so much.
CLOCK_SLACK = 10 * MINUTE

# A target that answered 429 to the archive slows all of our captures by this factor.
SLOW_DOWN = 2.0
SLOWEST = 8.0  # and no further, whatever targets answer
# Nights on which a capture that failed for the archive's own reasons is tried.
TRANSIENT_NIGHTS = 3
# A code nobody has documented gets one later try.
UNKNOWN_NIGHTS = 2
# What the archive said of a page for good is asked again after half a year: pages change too.
PERMANENT_RECHECK = 180 * DAY
# After the nights above are used up.
FAILED_RECHECK = 30 * DAY
# The same where the archive never said why: it was down, which is no word on the page.
SILENCE_RECHECK = 7 * DAY
