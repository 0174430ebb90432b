#!/usr/bin/env python3
"""Worked cases of the score, by brute force from its definition and in another language than the code under test.

    python3 scripts/score-cases.py > test/fixtures/score/cases.json

Nothing is folded here: every start that was ever given is kept, and for each of them the factors of all spans that began
at or after it are multiplied anew, as exact fractions. A case is a list of events in the order in which they are heard of:
["began", second, subject, jobs] and ["failed", number of the "began" event, jobs].
"""
import json
import math
import random
from fractions import Fraction

MULTIPLIERS = [Fraction(5, 4), Fraction(8, 5), Fraction(5, 2), Fraction(5), Fraction(20)]
GRID = [1, 5, 15, 60, 300, 900]


def slice_length(begun, now):
    """From the jobs of this minute and the 59 before it, as a whole hour would have had them."""
    known = min(3600, now)
    if known < 900:
        return 900
    minute = now // 60
    jobs = sum(count for at, count in begun if minute - 59 <= at // 60 <= minute)
    rate = jobs * 3600 / known
    return next((seconds for seconds in GRID if rate / 3600 * seconds >= 10), 900)


def judge(limit, events):
    begun = []  # (second, jobs)
    starts = [(0, Fraction(1))]  # (number of the slice, weight); 0 is before the first
    slices = []  # seconds
    slot = None
    spans = []  # [subject, second, slice, jobs, failed]
    newest = {}
    span_of = []
    for event in events:
        if event[0] == "began":
            _, now, subject, jobs = event
            length = slice_length(begun, now)
            if slot != (now // length, length):
                slot = (now // length, length)
                last = slices[-1] if slices else 0
                slices.append(now)
                starts.append((len(slices), min(Fraction(1), Fraction(now - last, 900))))
            begun.append((now, jobs))
            span = newest.get(subject)
            if span is None or now - span[1] >= 300:
                span = [subject, now, len(slices), 0, 0]
                newest[subject] = span
                spans.append(span)
            span[3] += jobs
            span_of.append(span)
        else:
            _, number, jobs = event
            span_of.append(None)
            span_of[number][4] += jobs
    levels = []
    for k in MULTIPLIERS:
        level = Fraction(0)
        for number, weight in starts:
            bet = weight
            for _, _, born, jobs, failed in spans:
                if born >= number:
                    bet *= (1 + (k - 1) * Fraction(failed, jobs)) / (1 + (k - 1) * limit)
            level += bet
        levels.append(level)
    mean = sum(levels) / len(levels)
    score = math.log(mean.numerator) - math.log(mean.denominator)
    return {
        "levels": [math.log(level.numerator) - math.log(level.denominator) for level in levels],
        "score": score,
        "jobs": sum(span[3] for span in spans),
        "failed": sum(span[4] for span in spans),
        "spans": len(spans),
    }


def life(draw, jobs, gap, subjects, share, most, late):
    """Events of one life: gaps in seconds, jobs a call, failures at once or later."""
    events, now, open_jobs = [], 0, []
    for _ in range(jobs):
        now += draw.randint(0, gap)
        count = draw.randint(1, most)
        number = len(events)
        events.append(["began", now, f"s{draw.randrange(subjects)}", count])
        failed = sum(draw.random() < share for _ in range(count))
        if failed and draw.random() < late:
            open_jobs.append((now + draw.randint(1, 4000), number, failed))
        elif failed:
            events.append(["failed", number, failed])
        due = [one for one in open_jobs if one[0] <= now]
        open_jobs = [one for one in open_jobs if one[0] > now]
        events.extend(["failed", number, failed] for _, number, failed in sorted(due))
    return events


def main():
    draw = random.Random(20261129)
    cases = []
    for number in range(100):
        limit = draw.choice(["1/100", "1/20", "1/10", "1/4"])
        gap = draw.choice([1, 20, 60, 400, 1500])
        # A busy life has to last a quarter of an hour, or its slices never get shorter.
        jobs = draw.randint(150, 250) if gap == 20 else draw.randint(1, 120)
        share = draw.choice([0.0, 0.01, 0.05, 0.2, 0.5, 1.0])
        subjects = draw.choice([1, 3, 20, 500])
        most = draw.choice([1, 1, 4])
        late = draw.choice([0.0, 0.0, 0.5])
        events = life(draw, jobs, gap, subjects, share, most, late)
        name = f"{jobs} calls at most {gap} s apart, {subjects} subjects, {share:.0%} fail, {late:.0%} of them late"
        cases.append({"name": f"{number + 1}: {name}", "limit": float(Fraction(limit)), "events": events,
                      **judge(Fraction(limit), events)})
    print("[")
    print(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
    print("]")


main()
