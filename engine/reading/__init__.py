"""BPMN files to our Model. The only importer of SpiffWorkflow."""

from engine.reading.model import read_model

__all__ = ["read_model"]
