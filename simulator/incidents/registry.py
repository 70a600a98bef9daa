"""All accidents by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from simulator.incidents import (
    cancelled_seal,
    links,
    open_session,
    overtaken,
    overwritten,
    printers,
    updates,
)
from simulator.incidents.incident import Incident

INCIDENTS: Final[Mapping[str, Incident]] = MappingProxyType(
    {
        incident.name: incident
        for module in (overtaken, overwritten, cancelled_seal, updates, links, printers, open_session)
        for incident in module.INCIDENTS
    }
)
"""Name to accident, in the order of the tables."""


class UnknownIncidentError(ValueError):
    """No such accident; the text lists those there are."""


def incident(name: str) -> Incident:
    """The accident of that name; raise ``UnknownIncidentError``."""
    found = INCIDENTS.get(name.lower())
    if found is None:
        raise UnknownIncidentError(f"expected one of {', '.join(INCIDENTS)}; came {name!r}")
    return found
