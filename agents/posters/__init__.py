"""Posters: one picture with goods, words and a QR code, drawn on the server and kept.

`content` gathers what stands on a poster, `drawing` draws it (pure: words and pictures in, JPEG out), `shelf` keeps
what was drawn under a digest of all that stands on it. So a poster is drawn anew as soon as anything on it changes, and
never otherwise.
"""
