-- name: cities
-- what: How fresh the data of each city are: its last reading, its last arrival, and up to when there is a forecast.
-- parameters: database columns, cities rows(text, text, text)
-- trigger: demand
-- delta: all
-- column: city string, for people
-- column: zone string, of the city's clock
-- column: meters int, that reported in the last 14 days
-- column: last_reading timestamp, on the city's clock
-- column: last_arrival timestamp, UTC
-- column: forecast_end timestamp, the last predicted hour, on the city's clock
-- column: behind_hours int, the last reading behind that of the city which is furthest
WITH
  latest AS (
    SELECT max(dt) AS dt FROM :database.readings_cleaned
  ),
  readings AS (
    SELECT
      cleaned.city,
      max(cleaned."timestamp") AS last_reading,
      CAST(count(DISTINCT cleaned.building_id * 4 + cleaned.meter) AS integer) AS meters
    FROM :database.readings_cleaned AS cleaned
    CROSS JOIN latest
    WHERE cleaned.dt > latest.dt - INTERVAL '14' DAY
    GROUP BY cleaned.city
  ),
  furthest AS (
    SELECT max(last_reading) AS last_reading FROM readings
  ),
  arrivals AS (
    SELECT city, max(received) AS received
    FROM :database.readings_landing
    WHERE dt > current_date - INTERVAL '35' DAY
    GROUP BY city
  ),
  forecasts AS (
    SELECT city, max("timestamp") AS forecast_end FROM :database.predictions GROUP BY city
  )
SELECT
  cities.label AS city,
  cities.zone,
  coalesce(readings.meters, 0) AS meters,
  CAST(at_timezone(with_timezone(readings.last_reading, 'UTC'), cities.zone) AS timestamp) AS last_reading,
  CAST(at_timezone(from_unixtime(arrivals.received / 1e3), 'UTC') AS timestamp) AS last_arrival,
  CAST(at_timezone(with_timezone(forecasts.forecast_end, 'UTC'), cities.zone) AS timestamp) AS forecast_end,
  CAST(date_diff('hour', readings.last_reading, furthest.last_reading) AS integer) AS behind_hours
FROM (:cities) AS cities (name, label, zone)
LEFT JOIN readings ON readings.city = cities.name
LEFT JOIN arrivals ON arrivals.city = cities.name
LEFT JOIN forecasts ON forecasts.city = cities.name
CROSS JOIN furthest
