-- name: predictions_vs_readings
-- what: Every prediction beside the reading of its hour, once that is there.
-- parameters: from date, to date, forecast_from date
-- trigger: predictions
-- delta: touched days
-- stored: by day
-- keep: 3 days
-- column: building_id int
-- column: meter int, 0 electricity, 1 chilledwater, 2 steam, 3 hotwater
-- column: city string
-- column: timestamp timestamp, start of the hour, UTC
-- column: forecast_start timestamp, readings before it were known
-- column: hours_ahead int, from the last hour that could be known; the first predicted hour is 1
-- column: predicted double, in the unit of the meter type
-- column: reading double, null until it arrives
-- column: log_error double, ln(1 + predicted) - ln(1 + reading)
-- column: model_version string
-- column: run_id string
SELECT
  predicted.building_id,
  predicted.meter,
  predicted.city,
  predicted."timestamp",
  predicted.forecast_start,
  CAST(date_diff('hour', predicted.forecast_start, predicted."timestamp") + 1 AS integer) AS hours_ahead,
  predicted.predicted,
  hours.reading,
  ln(1 + predicted.predicted) - ln(1 + hours.reading) AS log_error,
  predicted.model_version,
  predicted.run_id,
  CAST(predicted."timestamp" AS date) AS dt
FROM predictions AS predicted
LEFT JOIN (
  SELECT building_id, meter, date_trunc('hour', "timestamp") AS "timestamp", sum(meter_reading) AS reading
  FROM readings_cleaned
  WHERE dt >= :from AND dt < :to AND quality <> 'negative'
  GROUP BY building_id, meter, date_trunc('hour', "timestamp")
) AS hours
  ON hours.building_id = predicted.building_id
  AND hours.meter = predicted.meter
  AND hours."timestamp" = predicted."timestamp"
WHERE predicted.dt >= :forecast_from
  AND predicted.dt < :to
  AND predicted."timestamp" >= CAST(:from AS timestamp)
  AND predicted."timestamp" < CAST(:to AS timestamp)
