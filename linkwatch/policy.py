"""Every threshold of linkwatch, in one place, each with its source.

Each can be set in ``linkwatch.toml`` under ``[policy]`` by its name here.
Times are seconds; durations in the file may be text such as ``"3d"``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

DURATION = "duration"  # marks what may be written as text such as "3d"
Seconds = Annotated[float, DURATION, Meta(ge=0)]
MOST = 2**53  # what every reader of numbers can hold, SQLite too
Times = Annotated[int, Meta(ge=1, le=MOST)]
Share = Annotated[float, Meta(ge=0, le=1)]

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Policy:
    """How much evidence is enough, how often to look, how long to wait."""

    # When a URL is dead. InternetArchiveBot: three failures, each more than three days apart.
    gone_checks: Times = 3
    gone_span: Seconds = 3 * DAY
    # No usable answer is weaker evidence than "not here": servers come back after weeks.
    unreachable_checks: Times = 5
    unreachable_span: Seconds = 14 * DAY

    # When to look again. IABot rechecks live links after 7 days; linkml and repology spread
    # their rechecks over a month.
    alive_recheck: Seconds = 7 * DAY
    alive_recheck_max: Seconds = 30 * DAY
    blocked_recheck: Seconds = 14 * DAY
    dead_recheck: Seconds = 30 * DAY
    # "Nightly", and still due when the scheduler starts tomorrow's job some hours early or late.
    failing_recheck: Seconds = 20 * HOUR
    # The share of an interval by which rechecks are brought forward, so that a corpus harvested
    # in one night spreads over many.
    recheck_jitter: Share = 0.15

    # Waiting between tries at one URL: doubling from one second (lychee's default), never past
    # half a minute; a Retry-After of more than a minute is for another night (Sphinx once waited
    # six hours for one host: canonical/starbase #417).
    retry_wait: Seconds = 1.0
    retry_wait_max: Seconds = 30.0
    retry_after_max: Seconds = 60.0
    # How long at the least a first look waits for a host that has been quick in this run; longer where its
    # answers took longer (RFC 6298). What is not there by then gets the whole time-out at the second look.
    # Our own choice: more than one lost packet costs, and than a poor time to the first byte (web.dev: from
    # 1.8). Simulated (tests/benchmarks/nights.py), a night takes 1.25 of its bound without, 1.11 with 3, 1.09
    # with 2 and 1.07 with 1, which does not wait for 23 of 10,000 answers that would have come; 2 for 0.5.
    first_look: Seconds = 2.0
    # A failure that may pass is looked at again after this long, or as soon as nothing else is left. Our own
    # choice: most restarts are quicker, and of 10, 20, 30 and 60 seconds the longer ones lengthen the night.
    # What was silent waits less where that would lengthen the run.
    second_look: Seconds = 20.0
    # A Retry-After beyond the longest of our own intervals is a mistake or a refusal.
    retry_after_longest: Seconds = 30 * DAY

    # A host that answers 429 or 503 is asked half as often each time, down to once in this many seconds;
    # one whose robots.txt is obeyed no more often than its Crawl-delay says, up to this. Our own choice:
    # Heritrix goes as far as 300 seconds, but a nightly job has hours.
    slowest_pace: Seconds = 30.0
    # URLs of one host in a row that are refused with 429 or 503, or never answered: then the host is set
    # aside, and its other URLs stay due. Our own choice, after the three strikes of batch mail senders.
    strikes: Times = 3

    # An article on a page of fewer characters than this has no text worth comparing.
    thin_page: int = 512

    # Pages that share this much of what the front page of their host does not show are one page. Our own
    # choice: an error page differs from itself in an address and a time; two editions of one long
    # document still share 0.63 of all they say (measured on the corpus of the tests).
    same_page: Share = 0.8

    # Where the redirects of this many URLs of one host end at the same page, it stands for what is gone.
    # Our own choice: two may be two addresses of one article.
    landing_pages: Times = 3

    # A page shows another text if its sketch shares less than ``other_text`` with the first one, and its
    # title less than ``same_title``; from ``same_text`` on it shows the same. Measured on the corpus of the
    # tests: 99 of 100 pairs of different articles of one site share less than 0.15; an article with every
    # fifth word replaced, half of it replaced, all but a third cut, or two others added keeps at least 0.32.
    other_text: Share = 0.15
    same_text: Share = 0.5
    same_title: Share = 0.5
    # Only a page that was once seen to stay the same for this long can drift: front pages and lists change by
    # nature. Our own choice: two of the shortest intervals between checks.
    steady_span: Seconds = 12 * DAY
    # Another text must be there the next night too: sites are repaired, hacked and restored in a day.
    changed_span: Seconds = 20 * HOUR

    # Checks younger than this are all kept; older ones that say the same are thinned by ``prune``.
    # Our own choice: three of the longest intervals between two checks.
    keep_checks: Seconds = 90 * DAY

    # Seconds a page may wait before it goes on to another and still be a redirect: notices of a move
    # say "in five seconds"; news pages reload themselves after minutes (HTML, 4.2.5.3 sets no limit).
    refresh_wait_max: Seconds = 5.0

    # Bytes after which a new WARC file is started: ISO 28500 advises a gigabyte (annex C.1).
    warc_size: Times = 1_000_000_000

    # A URL in this many articles comes from their template, not from an author: one row in a report.
    boilerplate_articles: Times = 20
