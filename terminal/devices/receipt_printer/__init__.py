"""Receipts, refund slips and claim tickets on a roll of paper: the port, the ESC/POS codec, the driver."""
