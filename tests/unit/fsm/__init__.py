"""Stories of the machine, a file a phase."""
