"""A hostile web: one row a case, served over real sockets under its own host name."""
