"""Conversations that read as stories: the same story on all three platforms, through the real libraries."""
