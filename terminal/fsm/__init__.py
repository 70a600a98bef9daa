"""The decisions of a terminal, pure: an event in, effects out. ``machine.Machine`` runs the table in ``table/``.

Imports nothing but the standard library, ``transitions`` and itself.
"""
