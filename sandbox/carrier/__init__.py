"""The stand-in of carriers: it is told of parcels, moves them along as time passes, and pushes what happened."""
