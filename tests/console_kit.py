"""What the tests of the console share: the person's eyes on its pty."""

import os
import select


def shown_on(person: int, quiet_s: float = 0.2) -> str:
    """All that was written to the pty until nothing came for ``quiet_s``; a pty hands long output over in pieces."""
    content = b""
    while select.select([person], [], [], quiet_s)[0]:
        content += os.read(person, 1 << 16)
    return content.decode()
