"""The emulated PIN pad: keypad, sealed wire, throw-away identity (見本 / SPECIMEN)."""
