"""Predicts from the feature tables of a run: the same rows and files as the predict function of the project gives."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

Vector = NDArray[np.float64]

# Of a feature table's file: which version of the features made it.
VERSION_KEY = b"metercast.features"
KEYS = ("building_id", "meter", "city", "timestamp", "forecast_start")


class PredictionError(Exception):
    """A table or a model that cannot be used; the message says why and what to do."""


class Model:
    """The trees of a folder, and its card."""

    def __init__(self, folder: Path) -> None:
        try:
            self.card: dict[str, Any] = json.loads((folder / "card.json").read_text())
        except (OSError, ValueError) as error:
            raise PredictionError(f"{folder}/card.json cannot be read: {error}. Name the folder of a model.") from error
        if self.card.get("format") != 1:
            raise PredictionError(f"card.json has the format {self.card.get('format')!r}; 1 is known.")
        self.features: dict[str, list[str]] = self.card["features"]
        self.stages = {
            entry["meter"]: (self._trees(folder, entry["static"]), self._trees(folder, entry["past"]))
            for entry in self.card["meters"].values()
        }

    @staticmethod
    def _trees(folder: Path, name: str) -> lgb.Booster:
        try:
            text = (folder / name).read_text()
            if "end of trees" not in text:
                raise PredictionError(f"{name} is cut short: it has no end of trees. Take the model's files anew.")
            return lgb.Booster(model_str=text)
        except (OSError, lgb.basic.LightGBMError) as error:
            raise PredictionError(f"{name} cannot be read: {error}") from error

    def predict(self, table: pa.Table) -> Vector:
        """Readings of a table's rows, in the meters' units."""
        meter = table["meter"].to_numpy()
        predicted = np.zeros(len(meter))
        for code in np.unique(meter):
            if code not in self.stages:
                raise PredictionError(f"Model {self.card['version']} knows no meter {code}.")
            rows = np.flatnonzero(meter == code)
            predicted[rows] = self._predict_meter(*self.stages[code], table.take(rows))
        return predicted

    def _predict_meter(self, static: lgb.Booster, past: lgb.Booster, table: pa.Table) -> Vector:
        fixed = matrix(table, self.features["static"])
        known = matrix(table, self.features["past"])
        first = static.predict(fixed, num_threads=1)
        correction = past.predict(np.column_stack([fixed, known, first]), num_threads=1)
        base = self.card["base"]
        count = np.expm1(table["past_count"].to_numpy())
        weight = count / (count + base["readings"])
        recent = np.nan_to_num(table[base["feature"]].to_numpy())
        second = weight * recent + (1 - weight) * first + correction
        return np.maximum(0, np.expm1(np.where(count > 0, second, first)))


def matrix(table: pa.Table, names: list[str]) -> Vector:
    return np.column_stack([table[name].to_numpy() for name in names])


def read_table(file: Path, model: Model) -> pa.Table:
    """What the model needs of a feature table that goes with it."""
    try:
        schema = pq.read_schema(file)
    except pa.ArrowInvalid as error:
        raise PredictionError(f"{file.name} is damaged: {error}") from error
    version = (schema.metadata or {}).get(VERSION_KEY, b"none").decode()
    wanted = model.card["featureTableVersion"]
    if version != wanted:
        raise PredictionError(
            f"{file.name} is a feature table of version {version};"
            f" model {model.card['version']} reads version {wanted}."
            " Start the run anew, or train a model on the tables of this version: metercast model train."
        )
    features = [*model.features["static"], *model.features["past"]]
    missing = [name for name in features if name not in schema.names]
    if missing:
        raise PredictionError(f"{file.name} lacks {', '.join(missing)}, which model {model.card['version']} reads.")
    table = pq.read_table(file, columns=[*KEYS, *features])
    if table.num_rows == 0:
        raise PredictionError(f"{file.name} has no row: no series of the city has a reading before the forecast.")
    return table


def write_predictions(table: pa.Table, predicted: Vector, version: str, run_id: str, output: Path) -> None:
    """One file for each start of a forecast, its rows in the order of building, meter and hour."""
    size = len(predicted)
    moment = pa.timestamp("ms", tz="UTC")
    rows = pa.table(
        {
            "building_id": table["building_id"].cast(pa.int32()),
            "meter": table["meter"].cast(pa.int32()),
            "city": table["city"],
            "timestamp": table["timestamp"].cast(moment),
            "predicted": pa.array(predicted),
            "model_version": pa.array([version] * size),
            "run_id": pa.array([run_id] * size),
            "forecast_start": table["forecast_start"].cast(moment),
        }
    ).sort_by([(name, "ascending") for name in ("forecast_start", "building_id", "meter", "timestamp")])
    starts = rows["forecast_start"].cast(pa.int64()).to_numpy()
    city = rows["city"][0].as_py()
    bounds = [0, *(np.flatnonzero(np.diff(starts)) + 1), size]
    for first, end in zip(bounds[:-1], bounds[1:], strict=True):
        start = datetime.fromtimestamp(starts[first] / 1000, tz=timezone.utc)
        file = output / f"dt={start:%Y-%m-%d}" / f"{city}-{start:%Y%m%dT%H}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(rows.slice(first, end - first), file, compression="snappy")


def run(features: Path, model_folder: Path, output: Path, run_id: str) -> int:
    """Predicts all tables of a folder. Returns the number of rows."""
    model = Model(model_folder)
    files = sorted(features.glob("**/*.parquet"))
    if not files:
        raise PredictionError(f"{features} has no feature table: nothing was forecast in this run.")
    rows = 0
    for file in files:
        table = read_table(file, model)
        predicted = model.predict(table)
        if not np.isfinite(predicted).all():
            raise PredictionError(f"Model {model.card['version']} gives no finite number for a row of {file.name}.")
        write_predictions(table, predicted, model.card["version"], run_id, output)
        rows += table.num_rows
    return rows


def main() -> None:
    container = Path("/opt/ml/processing")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=Path, default=container / "input/features")
    parser.add_argument("--model", type=Path, default=container / "input/model")
    parser.add_argument("--output", type=Path, default=container / "output")
    parser.add_argument("--run-id", required=True)
    given = parser.parse_args()
    try:
        rows = run(given.features, given.model, given.output, given.run_id)
    except PredictionError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    print(json.dumps({"rows": rows}))


if __name__ == "__main__":
    main()
