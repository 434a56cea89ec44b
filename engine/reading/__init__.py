"""BPMN and DMN files to our Model. The only importer of SpiffWorkflow."""
