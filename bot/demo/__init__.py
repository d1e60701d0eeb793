"""The simulated Discord and its sample day."""
