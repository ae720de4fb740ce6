"""Grade asynchronous Python by the laws it keeps."""

__version__ = "0.1.0"
