"""WORKFLOW: moves cases through BPMN diagrams. Knows no Flask and no Celery."""
