"""Learns from the tables of a job and predicts its test rows."""

from __future__ import annotations

import argparse
from pathlib import Path

from forest import Job, learn
from settings import PAST, STATIC


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--job", type=Path, required=True, help="folder with job.json and its tables")
    parser.add_argument("--output", type=Path, required=True, help="folder for the predictions")
    given = parser.parse_args()
    learn(Job.read(given.job), STATIC, PAST, given.output)


if __name__ == "__main__":
    main()
