"""FORMS: JSON Schema and data in, views and errors out. Pure."""
