"""For every test process: PC/SC calls reach no daemon but the one that a test brought up itself."""

from simulator.devices.card_reader.pcscd import reserve_link

# At import, before any test can make a first PC/SC call: a call that came earlier would bind the process to the machine's pcscd.
reserve_link()
