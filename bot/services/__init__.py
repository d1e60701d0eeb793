"""The verbs; they take data and stores and know no Discord."""
