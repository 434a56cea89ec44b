"""One function per command: load, check, advance, save."""
