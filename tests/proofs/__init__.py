"""Proofs that take too long for every change; each leaves a dated page in `docs/evidence/`."""
