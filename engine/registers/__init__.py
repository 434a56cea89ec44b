"""Registers as their agendas describe them: shape of a record, rights, what is public, what is watched."""
