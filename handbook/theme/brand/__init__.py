"""TODO brand."""
