"""Learns a model from the tables of a job, writes its trees, and predicts the rows that were held out."""

from __future__ import annotations

import argparse
from pathlib import Path

from forest import Job, learn
from settings import PAST, SHIPPED_STATIC


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--job", type=Path, required=True, help="folder with job.json and its tables")
    parser.add_argument("--output", type=Path, required=True, help="folder for the predictions")
    parser.add_argument("--model", type=Path, required=True, help="folder for the trees")
    given = parser.parse_args()
    given.model.mkdir(parents=True, exist_ok=True)
    learn(Job.read(given.job), SHIPPED_STATIC, PAST, given.output, given.model)


if __name__ == "__main__":
    main()
