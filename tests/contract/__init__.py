"""Contracts: the fakes against the published specifications and the real client libraries."""
