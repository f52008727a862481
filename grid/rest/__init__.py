"""The map over HTTP: tiles, places and regions for our own pages, layers of features for other programs."""
