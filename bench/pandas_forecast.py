"""Forecasts of a fleet by pandas and LightGBM, from Parquet to predictions: the peer of forecast.ts.

    python pandas_forecast.py FOLDER

Reads job.json of the folder, writes predictions.parquet there and says on a line of JSON how many seconds of processor
time reading, features and prediction took.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd

from pandas_features import building_features, calendar_features, weather_features
from pandas_past import SiteHours, past_features

HOUR_MS = 3_600_000


def main() -> None:
    folder = Path(sys.argv[1])
    job = json.loads((folder / "job.json").read_text())
    cities = {city["siteId"]: city for city in job["cities"]}
    marks = [time.process_time()]

    readings = read(folder, cities, "readings")
    observations = read(folder, cities, "weather")
    register = pd.read_json(folder / "buildings" / "buildings.json", lines=True)
    marks.append(time.process_time())

    starts = [start // HOUR_MS for start in job["starts"]]
    first, end = starts[0] - 24 * job["historyDays"], starts[-1] + job["horizonHours"]
    weather = weather_features(observations, pd.Timestamp(end * HOUR_MS, unit="ms"))
    calendar = calendar_features(
        weather[["site_id", "timestamp"]],
        {site: city["timeZone"] for site, city in cities.items()},
        {site: city["holidays"] for site, city in cities.items()},
    )
    sites = {
        site: SiteHours.of(frame, calendar[calendar["site_id"] == site]) for site, frame in weather.groupby("site_id")
    }
    readings["h"] = readings["timestamp"].astype("datetime64[ms]").astype("int64") // HOUR_MS
    readings = readings[readings["h"].between(first, end - 1) & (readings["meter_reading"] >= 0)]
    rows = past_features(readings, sites, starts, job["horizonHours"], 24 * job["historyDays"])
    rows["timestamp"] = pd.to_datetime(rows["h"] * HOUR_MS, unit="ms")
    for frame in (weather, calendar):
        frame["timestamp"] = frame["timestamp"].astype(rows["timestamp"].dtype)
    rows = rows.merge(weather, on=["site_id", "timestamp"], how="left")
    rows = rows.merge(calendar, on=["site_id", "timestamp"], how="left")
    rows = rows.merge(building_features(register, job["primaryUses"]), on="building_id", how="left")
    rows["building_age"] = (rows["year"] - rows["year_built"]).clip(lower=0)
    marks.append(time.process_time())

    rows["predicted"] = predict(folder / "model", rows)
    written = rows[["building_id", "meter", "timestamp", "start", "predicted"]]
    written.to_parquet(folder / "predictions.parquet", index=False)
    marks.append(time.process_time())
    parts = dict(zip(("read", "features", "predict"), np.diff(marks).tolist()))
    print(json.dumps({"rows": len(rows), **parts}), flush=True)


def read(folder: Path, cities: dict[int, dict], kind: str) -> pd.DataFrame:
    frames = []
    for site, city in cities.items():
        frame = pd.read_parquet(folder / "work" / city["name"] / kind)
        frame["timestamp"] = frame["timestamp"].dt.tz_localize(None)
        frames.append(frame.assign(site_id=site))
    return pd.concat(frames, ignore_index=True)


def predict(folder: Path, rows: pd.DataFrame) -> np.ndarray:
    """Both stages of the model, in the meters' units."""
    card = json.loads((folder / "card.json").read_text())
    features, base = card["features"], card["base"]
    predicted = np.full(len(rows), np.nan)
    for meter in card["meters"].values():
        chosen = (rows["meter"] == meter["meter"]).to_numpy()
        part = rows[chosen]
        if part.empty:
            continue
        first = lgb.Booster(model_file=folder / meter["static"]).predict(part[features["static"]].to_numpy(), num_threads=1)
        table = np.column_stack([part[features["static"] + features["past"]].to_numpy(), first])
        correction = lgb.Booster(model_file=folder / meter["past"]).predict(table, num_threads=1)
        count = np.expm1(part["past_count"].to_numpy())
        weight = count / (count + base["readings"])
        recent = part[base["feature"]].fillna(0).to_numpy()
        value = np.where(count > 0, weight * recent + (1 - weight) * first + correction, first)
        predicted[chosen] = np.maximum(0, np.expm1(value))
    return predicted


if __name__ == "__main__":
    main()
