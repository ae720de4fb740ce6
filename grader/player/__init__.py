"""The sandbox side: runs a submission on time that only the judge can move.

Nothing here decides anything. Standard library and msgspec only.
"""
