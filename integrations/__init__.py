"""OUTSIDE WORLD: ports, connectors and their local fakes."""
