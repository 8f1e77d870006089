"""TODO syntax."""
