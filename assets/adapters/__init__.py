"""The outside world of assets: the queue of the workers."""
