"""From what the machine shows to what a person reads, and from what a person presses to what the machine hears."""
