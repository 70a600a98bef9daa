"""The emulated signal tower (見本 / SPECIMEN)."""
