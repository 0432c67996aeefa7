"""sharedvalue: what should become of a community of practice and its sponsor, and why."""
