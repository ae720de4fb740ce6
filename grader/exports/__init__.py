"""Results in the forms that other systems take; all have the same totals."""
