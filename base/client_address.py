"""Where a request comes from, behind our own proxies. Used to count, never stored as it is."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def forwarded_address(request: HttpRequest) -> str:
    """The visitor's address as text, the n-th from the right behind `TRUSTED_PROXIES` proxies."""
    address = request.META.get("REMOTE_ADDR", "")
    proxies = getattr(settings, "TRUSTED_PROXIES", 0)
    if proxies:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= proxies:
            address = forwarded[-proxies].strip()
    return address


def client_address(request: HttpRequest) -> str:
    """The address that counts: an IPv6 connection by its network of 64 bits, a line owns all of it."""
    address = forwarded_address(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def login_address(request: HttpRequest) -> str | None:
    """The same for django-axes, which stores it as an IP address: None when it is none."""
    address = client_address(request)
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return None
    return address
