"""The features of a fleet as a data scientist makes them: pandas, numpy and scipy, weather per site, the past per series."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.signal import savgol_filter

WEATHER = [
    "air_temperature",
    "cloud_coverage",
    "dew_temperature",
    "precip_depth_1_hr",
    "sea_level_pressure",
    "wind_direction",
    "wind_speed",
]
LINES = ["air_temperature", "dew_temperature", "sea_level_pressure", "wind_speed"]
WINDOWS = [column for column in WEATHER if column != "cloud_coverage"]
HOUR = pd.Timedelta(hours=1)


def weather_features(observations: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Hourly weather features of all sites, by site_id and timestamp."""
    sites = [site_weather(site, frame, until) for site, frame in observations.groupby("site_id")]
    return pd.concat(sites, ignore_index=True)


def site_weather(site: int, frame: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    frame = frame.assign(timestamp=frame["timestamp"].dt.floor("h")).drop_duplicates("timestamp", keep="last")
    grid = pd.date_range(frame["timestamp"].min(), max(frame["timestamp"].max(), until - HOUR), freq="h")
    observed = frame.set_index("timestamp")[WEATHER].reindex(grid)
    observed["precip_depth_1_hr"] = observed["precip_depth_1_hr"].replace(-1, 0)
    filled = fill(observed)
    features = filled.copy()
    for short, column in (("air", "air_temperature"), ("dew", "dew_temperature")):
        smooth, diff, diff2 = smoothed(filled[column].to_numpy())
        features[f"{short}_smooth"] = smooth
        features[f"{short}_diff"] = diff
        features[f"{short}_diff2"] = diff2
    for column in WINDOWS:
        window = filled[column].rolling(24, min_periods=1)
        features[f"{column}_mean24"] = window.mean()
        features[f"{column}_max24"] = window.max()
        features[f"{column}_min24"] = window.min()
        features[f"{column}_std24"] = deviation(filled[column].to_numpy())
    air = filled["air_temperature"]
    for hours in (3, 72, 168):
        features[f"air_temperature_mean{hours}"] = air.rolling(hours, min_periods=1).mean()
    for hours in (24, 168):
        features[f"cooling_degrees_mean{hours}"] = (air - 18).clip(lower=0).rolling(hours, min_periods=1).mean()
        features[f"heating_degrees_mean{hours}"] = (15 - air).clip(lower=0).rolling(hours, min_periods=1).mean()
    return features.assign(site_id=site).rename_axis("timestamp").reset_index()


def deviation(values: np.ndarray) -> np.ndarray:
    """Of trailing days. rolling().std() leaves some 1e-7 where nothing varies, which is on the other side of a split at 0."""
    windows = np.lib.stride_tricks.sliding_window_view(np.concatenate([np.full(23, np.nan), values]), 24)
    return pd.DataFrame(windows.T).std().to_numpy()


def fill(observed: pd.DataFrame) -> pd.DataFrame:
    filled = observed.copy()
    for column in LINES:
        missing = observed[column].isna()
        length = missing.groupby((~missing).cumsum()).transform("sum")
        line = observed[column].interpolate(limit_area="inside")
        filled[column] = observed[column].where(~missing | (length > 6), line)
    date = observed.index.normalize()
    means = observed.groupby(date).mean()
    radians = np.radians(observed["wind_direction"])
    east, north = np.sin(radians).groupby(date).mean(), np.cos(radians).groupby(date).mean()
    direction = np.degrees(np.arctan2(east, north)) % 360
    means["wind_direction"] = direction.where(np.hypot(east, north) >= 1e-9)
    means = means.ffill(limit=3).reindex(date).set_axis(observed.index)
    return filled.fillna(means)


def smoothed(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Savitzky-Golay of each part without gaps."""
    smooth, diff, diff2 = values.copy(), np.full_like(values, np.nan), np.full_like(values, np.nan)
    gaps = np.flatnonzero(np.isnan(values))
    for part in np.split(np.arange(len(values)), gaps):
        part = part[~np.isnan(values[part])]
        if len(part) >= 11:
            smooth[part] = savgol_filter(values[part], 11, 2)
            diff[part] = savgol_filter(values[part], 11, 2, deriv=1)
            diff2[part] = savgol_filter(values[part], 11, 2, deriv=2)
    return smooth, diff, diff2


def calendar_features(hours: pd.DataFrame, zones: dict[int, str], holidays: dict[int, list[str]]) -> pd.DataFrame:
    """Local calendar of the hours of all sites, by site_id and timestamp."""
    sites = []
    for site, frame in hours.groupby("site_id"):
        local = frame["timestamp"].dt.tz_localize("UTC").dt.tz_convert(zones[site]).dt.tz_localize(None)
        weekday = local.dt.dayofweek
        holiday = local.dt.normalize().isin(pd.to_datetime(holidays[site]))
        sites.append(
            frame.assign(
                hour=local.dt.hour,
                weekday=weekday,
                week=local.dt.isocalendar().week.astype(float),
                month=local.dt.month,
                year=local.dt.year,
                is_holiday=holiday.astype(float),
                off=((weekday >= 5) | holiday).astype(float),
            )
        )
    return pd.concat(sites, ignore_index=True)


def building_features(register: pd.DataFrame, uses: dict[str, int]) -> pd.DataFrame:
    """What is known of each building whatever the hour, by building_id."""
    floors = register["floor_count"].where(register["floor_count"] > 0)
    return pd.DataFrame(
        {
            "building_id": register["building_id"],
            "log_floor_area": np.log1p(register["square_feet"].where(register["square_feet"] >= 0)),
            "area_per_floor": register["square_feet"] / floors,
            "year_built": register["year_built"],
            "primary_use": register["primary_use"].map(uses).astype(float),
        }
    )
