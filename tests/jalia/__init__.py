"""The till's room, alone: no database, no app, a scripted server on loopback."""
