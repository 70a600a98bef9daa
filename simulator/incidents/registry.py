"""All accidents by name."""

from collections.abc import Mapping
from difflib import get_close_matches
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
    """No such accident; the text names the nearest and says how to see them all."""


def incident(name: str) -> Incident:
    """The accident of that name; raise ``UnknownIncidentError``."""
    found = INCIDENTS.get(name.lower())
    if found is not None:
        return found
    near = get_close_matches(name.lower(), INCIDENTS, n=3, cutoff=0.5)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    raise UnknownIncidentError(
        f"expected the name of an accident, came {name!r}; {meant}`honnin sim incident --list` shows all {len(INCIDENTS)}"
    )
