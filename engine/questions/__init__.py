"""What people ask once there is a decision: one question a file. Each returns a plain result that cannot print itself."""
