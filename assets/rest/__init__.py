"""Components over HTTP: the register, single components, change requests, the census."""
