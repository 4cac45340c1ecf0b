"""The two stages of a model: what is static gives a first value, the past of the series corrects it."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Vector = NDArray[np.float64]

STATIC_PREDICTION = "static_prediction"

# One thread, so that the same tables give the same trees, and nothing waits for a processor that others use.
COMMON: dict[str, Any] = {
    "objective": "regression",
    "num_leaves": 31,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.5,
    "bagging_freq": 1,
    "lambda_l2": 20.0,
    "deterministic": True,
    "force_col_wise": True,
    "seed": 1,
    "num_threads": 1,
    "verbose": -1,
}


@dataclass(frozen=True)
class Stage:
    """Settings of a stage: rounds by meter code."""

    rounds: tuple[int, int, int, int]
    learning_rate: float = 0.05
    least_rows: int = 200


@dataclass(frozen=True)
class Base:
    """Where the second stage starts from: a feature of the past, as far as there are readings, else the first stage.

    A Gaussian process stands in for both where there is one.
    """

    feature: str
    readings: float
    process: str | None = None

    def of(self, past: Matrix, names: list[str], static: Vector) -> Vector:
        """ln(1 + reading) of each row, weighted by n / (n + readings)."""
        count = np.expm1(past[:, names.index("past_count")].astype(np.float64))
        weight = count / (count + self.readings)
        recent = past[:, names.index(self.feature)].astype(np.float64)
        base = np.where(count > 0, weight * np.nan_to_num(recent) + (1 - weight) * static, static)
        if self.process is None:
            return base
        process = past[:, names.index(self.process)].astype(np.float64)
        return np.where(np.isnan(process), base, process)


@dataclass(frozen=True)
class Rows:
    """Rows of one meter type in a folder of tables: columns of 32-bit floats, one after the other."""

    folder: Path
    static_names: list[str]
    past_names: list[str]

    @property
    def target(self) -> Vector:
        """ln(1 + reading)"""
        return self._read("target", 1)[:, 0].astype(np.float64)

    @property
    def building(self) -> NDArray[np.int64]:
        return self._read("building", 1)[:, 0].astype(np.int64)

    def static(self, names: list[str]) -> Matrix:
        return self._read("static", len(self.static_names))[:, [self.static_names.index(name) for name in names]]

    def past(self, name: str) -> Matrix:
        return self._read(f"past-{name}", len(self.past_names))

    def _read(self, name: str, columns: int) -> Matrix:
        return np.fromfile(self.folder / f"{name}.f32", dtype=np.float32).reshape(columns, -1).T


@dataclass(frozen=True)
class SecondStage:
    """A second stage to learn: from which tables of the past, with which settings, and which tables to predict."""

    name: str
    settings: str
    base: Base
    features: list[str]
    train: list[str]
    test: list[str]


@dataclass(frozen=True)
class Job:
    """What the tables of a folder hold, and what is to be learnt from them."""

    folder: Path
    static_names: list[str]
    past_names: list[str]
    static_features: list[str]
    categorical: list[str]
    # Whether the second stage learns from what the first gives for buildings that it has not seen.
    unseen: bool
    meters: list[int]
    models: list[SecondStage]

    @staticmethod
    def read(folder: Path) -> Job:
        text = json.loads((folder / "job.json").read_text())
        models = [SecondStage(base=Base(**model.pop("base")), **model) for model in text.pop("models")]
        return Job(folder=folder, models=models, **text)

    def rows(self, meter: int, part: str) -> Rows:
        return Rows(self.folder / str(meter) / part, self.static_names, self.past_names)


def fit(job: Job, rows: Matrix, target: Vector, names: list[str], stage: Stage, meter: int) -> lgb.Booster:
    """Trees of one stage for a meter type."""
    settings = {
        **COMMON,
        "learning_rate": stage.learning_rate,
        "min_data_in_leaf": min(stage.least_rows, len(rows) // 20),
    }
    categorical = [name for name in job.categorical if name in names]
    data = lgb.Dataset(rows, target, feature_name=names, categorical_feature=categorical, params=settings)
    return lgb.train(settings, data, num_boost_round=stage.rounds[meter])


def fit_static(job: Job, meter: int, stage: Stage, groups: int = 3) -> tuple[lgb.Booster, Vector]:
    """The first stage, and what it gives for the rows to learn from: if asked, as for buildings it has not seen."""
    rows = job.rows(meter, "train")
    features = rows.static(job.static_features)
    target = rows.target
    booster = fit(job, features, target, job.static_features, stage, meter)
    if not job.unseen:
        return booster, booster.predict(features)
    group = rows.building // groups % groups
    unseen = np.zeros(len(target))
    for one in range(groups):
        inside = group == one
        if inside.any() and not inside.all():
            part = fit(job, features[~inside], target[~inside], job.static_features, stage, meter)
            unseen[inside] = part.predict(features[inside])
        elif inside.any():
            unseen[inside] = target.mean()
    return booster, unseen


def second_features(job: Job, stage: SecondStage, static: Matrix, past: Matrix, first: Vector) -> Matrix:
    """The columns of the second stage, in the order of :func:`second_names`."""
    chosen = past[:, [job.past_names.index(name) for name in stage.features]]
    return np.column_stack([static, chosen, first.astype(np.float32)] if job.unseen else [static, chosen])


def second_names(job: Job, stage: SecondStage) -> list[str]:
    return [*job.static_features, *stage.features, *([STATIC_PREDICTION] if job.unseen else [])]


def fit_past(job: Job, meter: int, stage: SecondStage, first: Vector, settings: Stage) -> lgb.Booster:
    """The second stage, learnt from the same rows with what is known of their past in each of its tables."""
    rows = job.rows(meter, "train")
    static = rows.static(job.static_features)
    target = rows.target
    features, residuals = [], []
    for table in stage.train:
        past = rows.past(table)
        known = past[:, job.past_names.index("past_count")] > 0
        features.append(second_features(job, stage, static, past, first)[known])
        residuals.append((target - stage.base.of(past, job.past_names, first))[known])
    return fit(job, np.vstack(features), np.concatenate(residuals), second_names(job, stage), settings, meter)


def predict_past(job: Job, stage: SecondStage, booster: lgb.Booster, rows: Rows, table: str, first: Vector) -> Vector:
    """ln(1 + reading) of rows, at least 0; what the first stage gives where nothing is known of the past."""
    past = rows.past(table)
    features = second_features(job, stage, rows.static(job.static_features), past, first)
    second = stage.base.of(past, job.past_names, first) + booster.predict(features)
    return np.maximum(0, np.where(past[:, job.past_names.index("past_count")] > 0, second, first))


@dataclass
class Learning:
    """What learning a stage took, over the meter types."""

    seconds: float = 0.0
    bytes: int = 0
    rounds: list[int] = field(default_factory=list)
    leaves: int = COMMON["num_leaves"]

    def add(self, started: float, booster: lgb.Booster) -> None:
        self.seconds += time.monotonic() - started
        self.bytes += len(booster.model_to_string())
        self.rounds.append(booster.num_trees())


def learn(job: Job, static: Stage, past: dict[str, Stage], output: Path, models: Path | None = None) -> None:
    """Learns what a job asks for, and predicts its test rows: one file of 64-bit floats per meter type and table.

    With a folder for models, the stages of a meter type are written there as <meter>.static.txt and <meter>.<name>.txt.
    """
    output.mkdir(parents=True, exist_ok=True)
    report: dict[str, Learning] = {}

    def keep(name: str, meter: int, started: float, booster: lgb.Booster) -> None:
        report.setdefault(name, Learning()).add(started, booster)
        if models is not None:
            booster.save_model(models / f"{meter}.{name}.txt")
        print(f"progress: meter type {meter}, {name}: {booster.num_trees()} trees", file=sys.stderr, flush=True)

    for meter in job.meters:
        started = time.monotonic()
        test = job.rows(meter, "test")
        booster, unseen = fit_static(job, meter, static)
        first = booster.predict(test.static(job.static_features))
        first.clip(min=0).tofile(output / f"{meter}-none.f64")
        keep("static", meter, started, booster)
        for model in job.models:
            started = time.monotonic()
            booster = fit_past(job, meter, model, unseen, past[model.settings])
            keep(model.name, meter, started, booster)
            for table in model.test:
                predict_past(job, model, booster, test, table, first).tofile(output / f"{meter}-{table}.f64")
    (output / "report.json").write_text(json.dumps({name: asdict(entry) for name, entry in report.items()}))
