"""URLs → checks → verdicts → states: fetch, pace, guard, judge, schedule."""
