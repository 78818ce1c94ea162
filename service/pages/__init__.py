"""The pages of the service: the same reports as the API, as HTML that works without scripts."""
