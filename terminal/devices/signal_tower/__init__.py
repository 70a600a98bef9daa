"""A signal tower: the port, PATLITE's serial commands, the driver (docs/protocols/signal-tower.md)."""
