"""From a file of evidence to facts."""
