"""Journeys of the four people in a real Chromium on a phone's viewport."""
