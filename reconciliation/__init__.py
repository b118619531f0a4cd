"""Holding the mall's books against its payment channels, day by day, and closing the days."""
