"""The cockpit: what operators see and do. Incidents, what is late, processes in numbers, interventions."""
