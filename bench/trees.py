"""LightGBM's side of trees.ts: makes a model and rows, and predicts when it is told to.

    python trees.py FOLDER ROWS

Writes model.txt, rows.f64 (a column of little-endian doubles after the other) and expected.f64, then answers each line
of input: for "N", the seconds of processor time that the prediction takes with the rows rotated by N, as a number on a line.
"""

import pathlib
import sys
import time

import lightgbm
import numpy

FEATURES = 40
CATEGORY = 39
HOURS = 336


def features(count, generator):
    """As a feature table: what is of a series, of the calendar, of the weather, of the hour; series by series."""
    series = -(-count // HOURS)
    of_series = numpy.repeat(numpy.arange(series), HOURS)[:count]
    hour = numpy.tile(numpy.arange(HOURS), series)[:count]
    rows = numpy.empty((count, FEATURES))
    for feature in range(FEATURES):
        kind = feature % 4
        if kind == 0:
            rows[:, feature] = generator.normal(size=series)[of_series]
        elif kind == 1:
            rows[:, feature] = numpy.sin(hour / 24 * 2 * numpy.pi * (1 + feature // 8)) + 0.05 * feature * numpy.cos(hour / 100)
        elif kind == 2:
            rows[:, feature] = generator.normal(size=HOURS)[hour] + 0.1 * generator.normal(size=count)
        else:
            rows[:, feature] = generator.normal(size=count)
    rows[:, CATEGORY] = generator.integers(0, 16, size=series)[of_series]
    for feature in range(0, CATEGORY - 1, 5):
        rows[generator.random(count) < 0.1, feature] = numpy.nan
    return rows


def target(rows, generator):
    weights = numpy.random.default_rng(2).normal(size=20)
    clean = numpy.nan_to_num(rows)
    return clean[:, :20] @ weights + 2 * numpy.sin(3 * clean[:, CATEGORY]) + clean[:, 1] * clean[:, 4] + 0.3 * generator.normal(size=len(rows))


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    generator = numpy.random.default_rng(1)
    seen = features(50_000, generator)
    parameters = {"objective": "regression", "num_leaves": 31, "learning_rate": 0.1, "num_threads": 1, "seed": 1, "verbose": -1}
    data = lightgbm.Dataset(seen, target(seen, generator), categorical_feature=[CATEGORY])
    model = lightgbm.train(parameters, data, num_boost_round=300)
    model.save_model(folder / "model.txt")
    model = lightgbm.Booster(model_file=folder / "model.txt")
    rows = features(count, generator)
    rows.T.astype("<f8").tofile(folder / "rows.f64")
    model.predict(rows, num_threads=1).astype("<f8").tofile(folder / "expected.f64")
    print("ready", flush=True)
    for line in sys.stdin:
        rotated = numpy.roll(rows, int(line), axis=0)
        before = time.process_time()
        model.predict(rotated, num_threads=1)
        print(time.process_time() - before, flush=True)


if __name__ == "__main__":
    main()
