-- name: feature_weather
-- what: The weather of one site, as the features take it. What is missing they fill.
-- parameters: site integer, from timestamp, to timestamp
-- trigger: forecast
-- delta: run
-- column: site_id int
-- column: timestamp timestamp, UTC
-- column: air_temperature double, degrees Celsius
-- column: cloud_coverage double, oktas
-- column: dew_temperature double, degrees Celsius
-- column: precip_depth_1_hr double, millimetres; -1 is a trace
-- column: sea_level_pressure double, hectopascals
-- column: wind_direction double, degrees from north
-- column: wind_speed double, metres per second
SELECT
  site_id,
  "timestamp",
  air_temperature,
  cloud_coverage,
  dew_temperature,
  precip_depth_1_hr,
  sea_level_pressure,
  wind_direction,
  wind_speed
FROM weather_by_day
WHERE site_id = :site
  AND dt >= CAST(:from AS date)
  AND dt <= CAST(:to AS date)
  AND "timestamp" >= :from
  AND "timestamp" < :to
