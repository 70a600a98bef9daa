"""Scenarios on the real service: played in real time against emulators on their wires, and recorded from there."""
