"""What the past of each series says at the start of each forecast: a loop over series and starts, numpy within."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

HOUR_NS = 3_600_000_000_000
BEND, RIDGE, BROADER = 15.0, 200.0, 0.5
USUAL_SLOPES = [(0.003, 0.004), (-0.076, 0.088), (0.06, -0.04), (0.066, -0.034)]
BIN, COLDEST, BINS, MISSING = 0.5, -60.0, 240, 400


def hour_nearness() -> np.ndarray:
    """Of two hours of the week: by the hours between them, up to 3, and by the kinds of their days."""
    code = np.arange(168)
    apart = np.abs(code[:, None] % 24 - code[None, :] % 24)
    apart = np.minimum(apart, 24 - apart)
    day = code // 24
    day_off = day >= 5
    same_kind = day_off[:, None] == day_off[None, :]
    days = np.where(day[:, None] == day[None, :], 1.0, np.where(same_kind, 0.6, 0.06))
    return np.where(apart <= 3, days * np.exp(-0.5 * (apart / 1.6) ** 2), 0.0)


NEAR = hour_nearness()
# of days of the other kind nothing comes near enough
SAME_KIND = np.where(NEAR > 0.07, NEAR, 0.0)
DIFFERENCE = np.abs(np.arange(2 * MISSING + 1) - MISSING)
WARM = np.where(DIFFERENCE > MISSING - BINS, 0.15, np.exp(-0.5 * (DIFFERENCE * BIN / 2.5) ** 2))
apart = np.abs(np.arange(BINS)[:, None] - np.arange(BINS)[None, :])
NEAR_BINS = np.where(apart <= 15, np.exp(-0.5 * (apart * BIN / 2.5) ** 2), 0.0)


@dataclass(frozen=True)
class SiteHours:
    """The hours of a site that its series share, from the first one (hours since the epoch) on."""

    first: int
    temperature: np.ndarray
    code: np.ndarray
    bin: np.ndarray

    @staticmethod
    def of(weather: pd.DataFrame, calendar: pd.DataFrame) -> SiteHours:
        """Of a site's frames, which have the same consecutive hours."""
        temperature = weather["air_temperature_mean24"].to_numpy()
        day = np.where(calendar["is_holiday"] == 1, 6, calendar["weekday"])
        place = np.clip(np.floor((temperature - COLDEST) / BIN + 0.5), 0, BINS - 1)
        return SiteHours(
            first=int(weather["timestamp"].iloc[0].as_unit("ns").value // HOUR_NS),
            temperature=temperature,
            code=(day * 24 + calendar["hour"]).to_numpy().astype(int),
            bin=np.where(np.isnan(place), MISSING, place).astype(int),
        )


def past_features(readings: pd.DataFrame, sites: dict[int, SiteHours], starts: list[int], horizon: int, history: int) -> pd.DataFrame:
    """A row per series, start and hour; starts, horizon and history in hours. Readings have site_id and a column `h`."""
    frames = []
    for (site_id, building, meter), series in readings.sort_values("h").groupby(["site_id", "building_id", "meter"]):
        site = sites[site_id]
        hours = series["h"].to_numpy()
        y = np.log1p(series["meter_reading"].to_numpy())
        for start in starts:
            known = (hours >= start - history) & (hours < start)
            query = np.arange(start, start + horizon)
            columns = describe(site, meter, hours[known], y[known], query, start)
            columns.update(site_id=site_id, building_id=building, meter=meter, h=query, start=start)
            frames.append(columns)
    names = max(frames, key=len).keys()
    lengths = [len(frame["h"]) for frame in frames]
    return pd.DataFrame(
        {name: np.concatenate([np.broadcast_to(f.get(name, np.nan), n) for f, n in zip(frames, lengths)]) for name in names}
    )


def describe(site: SiteHours, meter: int, hours: np.ndarray, y: np.ndarray, query: np.ndarray, start: int) -> dict:
    n = len(y)
    if n == 0:
        return {"past_count": 0.0}
    at, known = query - site.first, hours - site.first
    temperature, known_temperature = site.temperature[at], site.temperature[known]
    code, known_code = site.code[at], site.code[known]
    bin, known_bin = site.bin[at], site.bin[known]
    heating, cooling = degrees(known_temperature)
    age = start - hours
    d6, d36, d3, d7, d30, d90 = (np.exp(-age / (24 * days)) for days in (0.25, 1.5, 3, 7, 30, 90))
    w6, w36, w7, w30 = d6.sum(), d36.sum(), d7.sum(), d30.sum()
    mean, zero = y.mean(), y == 0
    mean7 = d7 @ y / w7 if w7 > 1e-9 else y[-1]
    mean30 = d30 @ y / w30 if w30 > 1e-9 else mean

    binned = known_bin != MISSING
    bin_weight = np.bincount(known_bin[binned], d90[binned], BINS)
    bin_sum = np.bincount(known_bin[binned], (d90 * y)[binned], BINS)
    level, heat, cool = slopes(bin_weight, bin_sum, USUAL_SLOPES[meter], mean)
    query_heating, query_cooling = degrees(temperature)
    line = level + heat * query_heating + cool * query_cooling
    off_line = y - level - heat * heating - cool * cooling

    near = NEAR[code]
    weight3 = near @ np.bincount(known_code, d3, 168)
    weight30 = near @ np.bincount(known_code, d30, 168)
    hour3 = (near @ np.bincount(known_code, d3 * y, 168) + BROADER * mean7) / (weight3 + BROADER)
    hour30 = (near @ np.bincount(known_code, d30 * y, 168) + BROADER * mean30) / (weight30 + BROADER)

    there = bin != MISSING
    warm = np.where(there[:, None], NEAR_BINS[np.where(there, bin, 0)], 0.0)
    warm_weight = warm @ bin_weight

    # the hours to predict, and the last readings, which the others are asked about
    last = slice(-4, None)
    asked_code = np.concatenate([code, known_code[last]])
    asked_bin = np.concatenate([bin, known_bin[last]])
    kernel = SAME_KIND[asked_code][:, known_code] * WARM[known_bin[None, :] - asked_bin[:, None] + MISSING]
    sums = kernel @ np.column_stack([d7, d7 * y, d7 * off_line, d90, d90 * y, d90 * off_line, d90 * zero, d90 * (cooling - heating)])
    k7, y7, r7, k90, y90, r90, zeros90, degrees90 = sums[: len(query)].T
    own = d90[last]
    others = np.maximum(0, sums[len(query) :, 3] - own)
    surprise = (off_line[last] - (sums[len(query) :, 5] - own * off_line[last]) / (others + BROADER))[::-1]
    recent6, recent36 = d6[last][::-1], d36[last][::-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        zero_share, warmer = zeros90 / k90, temperature - BEND - degrees90 / k90

    return {
        "past_count": np.log1p(n),
        "past_last": y[-1],
        "past_age": (query - hours[-1]).astype(float),
        "past_second": y[-2] if n > 1 else np.nan,
        "past_mean": mean,
        "past_deviation": y.std(),
        "past_zero_share": zero.mean(),
        "past_zero_share_7d": d7 @ zero / w7 if w7 > 1e-9 else zero.mean(),
        "past_mean_6h": d6 @ y / w6 if w6 > 1e-9 else y[-1],
        "past_mean_36h": d36 @ y / w36 if w36 > 1e-9 else y[-1],
        "past_mean_7d": mean7,
        "past_mean_30d": mean30,
        "past_weight_7d": w7,
        "past_warmer_7d": temperature - BEND - d7 @ (cooling - heating) / w7 if w7 > 1e-9 else np.nan,
        "past_warmer_30d": temperature - BEND - d30 @ (cooling - heating) / w30 if w30 > 1e-9 else np.nan,
        "past_heating_slope": heat,
        "past_cooling_slope": cool,
        "past_line": line,
        "past_line_36h": line + d36 @ off_line / (w36 + BROADER),
        "past_line_7d": line + d7 @ off_line / (w7 + BROADER),
        "past_line_30d": line + d30 @ off_line / (w30 + BROADER),
        "past_hour_mean_3d": hour3,
        "past_hour_mean_30d": hour30,
        "past_hour_weight_3d": weight3,
        "past_hour_weight_30d": weight30,
        "past_temperature_mean": (warm @ bin_sum + BROADER * mean30) / (warm_weight + BROADER),
        "past_temperature_weight": warm_weight,
        "past_kernel_7d": (y7 + BROADER * mean7) / (k7 + BROADER),
        "past_kernel_weight_7d": k7,
        "past_kernel_90d": (y90 + BROADER * hour30) / (k90 + BROADER),
        "past_kernel_weight_90d": k90,
        "past_kernel_zero_share": zero_share,
        "past_kernel_warmer": warmer,
        "past_fit_7d": line + r7 / (k7 + BROADER),
        "past_fit_90d": line + r90 / (k90 + BROADER),
        "past_surprise_last": surprise[0],
        "past_surprise_second": surprise[1] if n > 1 else np.nan,
        "past_surprise_6h": recent6 @ surprise / (recent6.sum() + BROADER),
        "past_surprise_36h": recent36 @ surprise / (recent36.sum() + BROADER),
    }


def degrees(temperature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of heating and of cooling; none where the temperature is missing."""
    return np.nan_to_num(np.maximum(0, BEND - temperature)), np.nan_to_num(np.maximum(0, temperature - BEND))


def slopes(weight: np.ndarray, total: np.ndarray, usual: tuple[float, float], mean: float) -> tuple[float, float, float]:
    """A ridge line of y on heating and cooling degrees: its level, and its two slopes."""
    if weight.sum() <= 1e-9:
        return mean, 0.0, 0.0
    heating, cooling = degrees(COLDEST + BIN * np.arange(BINS))
    total = total - weight * (usual[0] * heating + usual[1] * cooling)
    w, y, h, c = weight.sum(), total.sum(), weight @ heating, weight @ cooling
    matrix = [[weight @ heating**2 - h * h / w + RIDGE, -h * c / w], [-h * c / w, weight @ cooling**2 - c * c / w + RIDGE]]
    heat, cool = np.linalg.solve(matrix, [heating @ total - h * y / w, cooling @ total - c * y / w])
    return (y - heat * h - cool * c) / w, heat + usual[0], cool + usual[1]
