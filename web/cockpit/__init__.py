"""The cockpit: what operators see. Incidents, jobs, timers."""
