"""The command `honnin`: the one room that may open every other (docs/decisions/0001)."""
