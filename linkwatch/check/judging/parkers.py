"""Services that hold domains without content, told by where they lead, what they load, and who names them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parker:
    """One service. Each sign stands alone, and none is what a story could link to."""

    name: str
    hosts: tuple[str, ...] = ()  # redirects lead to these domains
    markup: bytes = b""  # stands in a page that says little
    address: re.Pattern[str] | None = None  # found in the URL where redirects ended
    servers: tuple[str, ...] = ()  # name servers under these domains serve nothing but parked ones


# Services and name servers after Vissers et al. 2015, "Parking Sensors" (table 1), and those that took their
# place. Name servers that registrars give to all their customers are none.
PARKERS = (
    Parker("Sedo", hosts=("sedo.com", "sedoparking.com"), markup=b"sedoparking.com/", servers=("sedoparking.com",)),
    Parker("Bodis", hosts=("bodis.com",), markup=b"bodiscdn.com", servers=("bodis.com",)),
    Parker("ParkingCrew", hosts=("parkingcrew.net",), markup=b"parkingcrew.net/", servers=("parkingcrew.net",)),
    Parker("Above", hosts=("above.com",), servers=("above.com",)),
    Parker("HugeDomains", hosts=("hugedomains.com",), servers=("hugedomains.com",)),
    Parker("Dan", hosts=("dan.com", "undeveloped.com"), markup=b"cdn.dan.com", servers=("dan.com", "undeveloped.com")),
    Parker("Afternic", hosts=("afternic.com",), servers=("afternic.com",)),
    Parker("GoDaddy", hosts=("forsale.godaddy.com",), markup=b"img1.wsimg.com/parking-lander",
           servers=("cashparking.com",)),
    Parker("GoDaddy, as it was", markup=b"mcc.godaddy.com/park/"),
    Parker("BuyDomains", hosts=("buydomains.com",), servers=("buydomains.com",)),
    Parker("DomainMarket", hosts=("domainmarket.com",)),
    Parker("BrandBucket", hosts=("brandbucket.com",)),
    Parker("Squadhelp", hosts=("squadhelp.com", "atom.com")),
    Parker("Uniregistry Market", hosts=("uniregistry.com",), servers=("uniregistrymarket.link",)),
    Parker("4.cn", hosts=("4.cn",)),
    Parker("Alibaba's domain market", hosts=("mi.aliyun.com",)),
    Parker("ParkLogic", markup=b"parklogic.com/", servers=("parklogic.com",)),
    Parker("DomainSponsor", servers=("dsredirection.com",)),
    Parker("Fabulous", servers=("fabulous.com",)),
    Parker("NameDrive", servers=("fastpark.net",)),
    Parker("Rook Media", servers=("rookdns.com",)),
    Parker("Internet Traffic", servers=("internettraffic.com",)),
    Parker("The Parking Place", servers=("pql.net",)),
    # Google's advertisements for domains without content, whoever shows them.
    Parker("AdSense for Domains", markup=b"google.com/adsense/domains/caf.js"),
    # By which Adblock Plus lets advertisements of parked domains through.
    Parker("a parker's key for Adblock Plus", markup=b'<html data-adblockkey="MFww'),
    # ww1, ww25, …: where several parkers send a visitor of the same domain, with a number for him.
    Parker("a parker's numbered host",
           address=re.compile(r"^https?://ww\d{1,3}\.[^/?]+/?\?(?:.*&)?(?:usid|subid1|utid)=", re.IGNORECASE)),
)  # fmt: skip


def served_by(name_servers: tuple[str, ...]) -> tuple[str, str] | None:
    """The parker that all name servers of a domain belong to, and one of them."""
    for parker in PARKERS:
        if name_servers and all(_is_under(each, parker.servers) for each in name_servers):
            return parker.name, name_servers[0]
    return None


def _is_under(host: str, domains: tuple[str, ...]) -> bool:
    name = host.rstrip(".").lower()
    return any(name == each or name.endswith(f".{each}") for each in domains)
