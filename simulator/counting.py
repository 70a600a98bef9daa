"""Numbers with their nouns, for what is printed: one mutant, two mutants, three entries."""


def many(count: int, noun: str, plural: str = "") -> str:
    """``count`` and the noun in the right number; ``plural`` where a name ends otherwise than in -s or -ies."""
    if count == 1:
        return f"1 {noun}"
    if not plural:
        plural = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{count:,} {plural}"
