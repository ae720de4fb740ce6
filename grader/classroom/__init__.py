"""A class: what was handed in, graded in a batch, kept in a gradebook, handed back."""
