"""What runs on a host that grades one student's submission at a time."""
