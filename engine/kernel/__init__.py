"""BPMN itself: advance(model, state, command, now) gives (state, effects), pure."""
