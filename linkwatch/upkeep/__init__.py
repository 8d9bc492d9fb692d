"""Looking after a database over years: its states are what its checks come to, and it stays small."""
