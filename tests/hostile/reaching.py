"""Names and certificates: what stands between a URL and any answer at all."""

from __future__ import annotations

from hostile.case import STORY, Case, paper
from hostile.web import Name, Tls

OK = ("ok",)

CASES = [
    Case("no-such-name", "the name does not exist any more", paper(STORY), ("dns_nxdomain",), name=Name.MISSING),
    Case("no-address", "the name exists, without an address", paper(STORY), ("dns_failure",), name=Name.NO_ADDRESS),
    Case("failing-names", "the name servers fail", paper(STORY), ("dns_failure",), name=Name.FAILING),
    Case("silent-names", "the name servers keep silent", paper(STORY), ("dns_failure",), name=Name.SILENT),
    Case("bücher", "a name in letters beyond ASCII", paper(STORY), OK, trap=True),
    Case("with_underscore", "a name that is no host name by the book", paper(STORY), OK, trap=True),
    Case("secure", "a good certificate", paper(STORY), OK, scheme="https"),
    Case("between", "a certificate by an authority between, shown with it", paper(STORY), OK, trap=True,
         scheme="https", tls=Tls.INTERMEDIATE),
    Case("past", "the certificate has expired", paper(STORY), ("tls_expired",), scheme="https", tls=Tls.EXPIRED),
    Case("not-yet", "the certificate is not valid yet", paper(STORY), ("tls_not_yet_valid",),
         scheme="https", tls=Tls.NOT_YET),
    Case("other-name", "the certificate is another host's", paper(STORY), ("tls_hostname",), scheme="https",
         tls=Tls.OTHER_HOST),
    Case("own-hand", "the host has signed its certificate itself", paper(STORY), ("tls_self_signed",),
         scheme="https", tls=Tls.SELF_SIGNED),
    Case("stranger", "nobody knows the authority", paper(STORY), ("tls_untrusted",), scheme="https",
         tls=Tls.UNTRUSTED),
    Case("half-a-chain", "the certificate of the authority between is missing", paper(STORY),
         ("tls_incomplete_chain",), scheme="https", tls=Tls.INCOMPLETE),
    Case("no-handshake", "the handshake is broken off", paper(STORY), ("tls_error",), scheme="https",
         tls=Tls.REFUSED),
]  # fmt: skip
