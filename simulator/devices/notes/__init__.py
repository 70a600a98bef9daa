"""A JCM ID-003 note validator that is not there: its notes and its faults are planned."""
