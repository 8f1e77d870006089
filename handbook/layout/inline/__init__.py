"""Turn inlines into lines."""
