"""What every app stands on: events, money, ids, the clock, the two admin sites. Imports no app."""
