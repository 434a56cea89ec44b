"""Forms: a JSON Schema and data in, a view, decoded answers and errors out. Pure."""
