"""The outside world: streams, detectors, pictures on disk, secrets. Heavy ones are only named here, never imported."""
