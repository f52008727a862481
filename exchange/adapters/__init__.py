"""The outside world of exchange: the folder of files, planes and their conversion, the queue of workers."""
