"""Measurements of the mall, and the data that they are made with."""
