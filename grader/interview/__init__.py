"""A timed session on one kata, kept in a log that shows where it was changed."""

FILE = "interview.jsonl"
"""The log's name, in the folder that holds `katas`."""
