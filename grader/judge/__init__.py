"""The trusted side of a run: hidden tests, cases, confirmation, the verdict."""
