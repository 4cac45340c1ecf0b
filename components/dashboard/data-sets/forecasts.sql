-- name: forecasts
-- what: What was expected of each building and meter type in each hour of the last 35 days and of the hours to come, beside
--   what was measured.
-- parameters: database columns, cities rows(text, text, text), meter_types rows(integer, text)
-- trigger: demand
-- delta: all
-- column: city string, for people
-- column: meter_type string
-- column: building string, its number and what it is used for
-- column: hour timestamp, its start on the city's clock
-- column: day timestamp, its start on the city's clock
-- column: hour_of_day int, 0 to 23
-- column: weekday string, Mon to Sun
-- column: weekday_number int, Monday 1 to Sunday 7
-- column: days_ago int, before the latest measured day of all; below zero in the future
-- column: kind string, measured, ahead (of the latest forecast) or missing (no reading has come)
-- column: expected double, in the unit of the meter type
-- column: measured double
-- column: difference double, measured less expected
-- column: off double, difference without its sign
-- column: difference_share double, difference to the series' mean expected use
-- column: error_share double, off to the series' mean expected use
--
-- An hour may have been forecast several times. One that was measured is compared with the earliest forecast that was made
-- at most 24 hours ahead, as the monitor does; of one that is not, the latest forecast is shown.
-- Differences are set against the mean of the series and not of the hour, so that a quiet hour counts no more than it is.
WITH
  latest AS (
    SELECT max(dt) AS dt FROM :database.predictions_vs_readings WHERE reading IS NOT NULL
  ),
  starts AS (
    SELECT city, max(forecast_start) AS forecast_start FROM :database.predictions_vs_readings GROUP BY city
  ),
  placed AS (
    SELECT
      building_id, meter, city, "timestamp", predicted, reading,
      row_number() OVER (
        PARTITION BY building_id, meter, "timestamp"
        ORDER BY
          CASE WHEN reading IS NULL THEN hours_ahead WHEN hours_ahead <= 24 THEN -hours_ahead ELSE hours_ahead END
      ) AS place
    FROM :database.predictions_vs_readings
    CROSS JOIN latest
    WHERE predictions_vs_readings.dt > latest.dt - INTERVAL '35' DAY
  ),
  series AS (
    SELECT building_id, meter, avg(predicted) AS usual
    FROM placed
    WHERE place = 1
    GROUP BY building_id, meter
  ),
  hours AS (
    SELECT
      placed.building_id,
      placed.meter,
      placed.city,
      placed."timestamp",
      CAST(at_timezone(with_timezone(placed."timestamp", 'UTC'), coalesce(cities.zone, 'UTC')) AS timestamp) AS hour,
      coalesce(cities.label, placed.city, 'no city') AS label,
      placed.predicted,
      placed.reading,
      placed.reading - placed.predicted AS difference,
      nullif(series.usual, 0) AS usual
    FROM placed
    JOIN series ON series.building_id = placed.building_id AND series.meter = placed.meter
    LEFT JOIN (:cities) AS cities (name, label, zone) ON cities.name = placed.city
    WHERE placed.place = 1
  )
SELECT
  hours.label AS city,
  coalesce(meter_types.name, 'other') AS meter_type,
  concat(CAST(hours.building_id AS varchar), ' ', coalesce(buildings.primary_use, 'not registered')) AS building,
  hours.hour,
  date_trunc('day', hours.hour) AS day,
  CAST(hour(hours.hour) AS integer) AS hour_of_day,
  date_format(hours.hour, '%a') AS weekday,
  CAST(day_of_week(hours.hour) AS integer) AS weekday_number,
  CAST(date_diff('day', CAST(hours.hour AS date), latest.dt) AS integer) AS days_ago,
  CASE
    WHEN hours.reading IS NOT NULL THEN 'measured'
    WHEN hours."timestamp" >= starts.forecast_start THEN 'ahead'
    ELSE 'missing'
  END AS kind,
  hours.predicted AS expected,
  hours.reading AS measured,
  hours.difference,
  abs(hours.difference) AS off,
  hours.difference / hours.usual AS difference_share,
  abs(hours.difference) / hours.usual AS error_share
FROM hours
LEFT JOIN starts ON starts.city = hours.city
LEFT JOIN :database.buildings ON buildings.building_id = hours.building_id
LEFT JOIN (:meter_types) AS meter_types (code, name) ON meter_types.code = hours.meter
CROSS JOIN latest
