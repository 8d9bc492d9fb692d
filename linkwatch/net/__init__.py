"""The way to the network: addresses, routes, name look-up, sessions. Check and archive share it."""
