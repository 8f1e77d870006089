"""TODO gfm."""
