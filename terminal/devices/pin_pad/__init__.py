"""A PIN pad with a key of its own: the port, the frames, the sealed session, the driver (docs/protocols/pin-pad.md)."""
