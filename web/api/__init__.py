"""The REST API `/api/v1` for programs: marshmallow at the edge, commands and queries behind."""
