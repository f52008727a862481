"""The pages of components, of change requests, of the census."""
