"""What an invocation is, what it says and how it ends, and the commands that do not fetch anything."""
