"""Exploration: every state that machine, devices, centre and people can get into, under no fault, one fault, two faults.

The terminal's own table, guards, deeds and effects run; the world around them is small enough to be enumerated.
"""
