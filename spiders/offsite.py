"""What a crawl leaves out because it lies on another site, said and not just dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware

if TYPE_CHECKING:
    from scrapy import Request, Spider


class OnSite(OffsiteMiddleware):
    """Keeps a crawl to its own sites, redirects included."""

    def should_follow(self, request: Request, spider: Spider) -> bool:
        """Whether a request stays on the spider's sites; notes it where it does not."""
        followed = super().should_follow(request, spider)
        if not followed:
            spider.troubles[request.url] = "This lies on another site."  # type: ignore[attr-defined]
        return followed
