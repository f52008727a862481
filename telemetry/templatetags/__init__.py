"""Words of devices in templates."""
