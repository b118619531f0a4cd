"""The agent's desk: earnings, their explanation, progress, holds, withdrawals."""
