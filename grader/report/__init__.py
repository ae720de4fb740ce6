"""A class, or one student, as a page: one file, without a script, that prints well."""
