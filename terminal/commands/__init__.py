"""The blocking commands of one customer: each takes the person's data and answers with one completion event."""
