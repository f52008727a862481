"""The outside world of the journal: a nudge to the relay and the bell of the live processes, both over Redis."""
