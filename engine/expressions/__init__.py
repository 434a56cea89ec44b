"""Starlark: compile, evaluate within limits, the names a text uses."""
