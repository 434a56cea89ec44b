"""Reads: plain frozen facts for pages and programs. Every function takes a session and the tenant; none writes."""
