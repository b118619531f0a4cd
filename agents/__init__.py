"""The agent's desk: earnings and their explanation, progress, holds, tasks, withdrawals."""
