"""A timed session on one kata, kept in a log that shows where it was changed."""
