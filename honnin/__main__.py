"""``python -m honnin``: the same as the command ``honnin``."""

from honnin.cli import main

main()
