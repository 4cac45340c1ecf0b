-- name: meters
-- what: The state of each meter over the last 14 days: silent, stuck, zero, wrong values, not registered or well.
-- parameters: database columns, cities rows(text, text, text), meter_types rows(integer, text)
-- trigger: demand
-- delta: all
-- column: city string, for people
-- column: meter_type string
-- column: building string, its number and what it is used for
-- column: state string, the first of these that holds
-- column: state_number int, 1 silent to 6 well
-- column: last_reading timestamp, on the city's clock
-- column: last_value double, in the unit of the meter type
-- column: silent_hours int, behind half of its city's meters
-- column: well_until timestamp, on the city's clock; null where it was not well on any of the days
-- column: wrong int, readings below zero and spikes of the last 7 days
--
-- silent          24 hours or more behind half of its city's meters; a city that is silent as a whole is seen in cities
-- stuck, zero     its last reading is one of a run of the same value, or of zero
-- wrong values    a reading below zero, or a spike, in the last 7 days
-- not registered  its building is not in the register
WITH
  latest AS (
    SELECT max(dt) AS dt FROM :database.readings_cleaned
  ),
  series AS (
    SELECT
      readings.building_id,
      readings.meter,
      max(readings.city) AS city,
      max(readings."timestamp") AS last_reading,
      max_by(readings.meter_reading, readings."timestamp") AS last_value,
      max_by(readings.quality, readings."timestamp") AS last_quality,
      max(CASE WHEN readings.quality IN ('good', 'unregistered') THEN readings."timestamp" END) AS last_good,
      count_if(readings.quality IN ('negative', 'spike') AND readings.dt > latest.dt - INTERVAL '7' DAY) AS wrong
    FROM :database.readings_cleaned AS readings
    CROSS JOIN latest
    WHERE readings.dt > latest.dt - INTERVAL '14' DAY
    GROUP BY readings.building_id, readings.meter
  ),
  clocks AS (
    SELECT city, approx_percentile(to_unixtime(last_reading), 0.5) AS seconds
    FROM series
    GROUP BY city
  ),
  aged AS (
    SELECT
      series.building_id,
      series.meter,
      series.city,
      series.last_reading,
      series.last_value,
      series.last_quality,
      series.last_good,
      series.wrong,
      greatest(0, floor((clocks.seconds - to_unixtime(series.last_reading)) / 3600)) AS silent_hours
    FROM series
    LEFT JOIN clocks ON clocks.city = series.city
  ),
  stated AS (
    SELECT
      building_id, meter, city, last_reading, last_value, last_good, wrong, silent_hours,
      CASE
        WHEN silent_hours >= 24 THEN 1
        WHEN last_quality = 'stuck' THEN 2
        WHEN last_quality = 'zero_run' THEN 3
        WHEN wrong > 0 THEN 4
        WHEN last_quality = 'unregistered' THEN 5
        ELSE 6
      END AS state_number
    FROM aged
  )
SELECT
  coalesce(cities.label, stated.city, 'no city') AS city,
  coalesce(meter_types.name, 'other') AS meter_type,
  concat(CAST(stated.building_id AS varchar), ' ', coalesce(buildings.primary_use, 'not registered')) AS building,
  CASE stated.state_number
    WHEN 1 THEN 'silent'
    WHEN 2 THEN 'stuck'
    WHEN 3 THEN 'zero'
    WHEN 4 THEN 'wrong values'
    WHEN 5 THEN 'not registered'
    ELSE 'well'
  END AS state,
  stated.state_number,
  CAST(at_timezone(with_timezone(stated.last_reading, 'UTC'), coalesce(cities.zone, 'UTC')) AS timestamp) AS last_reading,
  stated.last_value,
  CAST(stated.silent_hours AS integer) AS silent_hours,
  CAST(at_timezone(with_timezone(stated.last_good, 'UTC'), coalesce(cities.zone, 'UTC')) AS timestamp) AS well_until,
  CAST(stated.wrong AS integer) AS wrong
FROM stated
LEFT JOIN :database.buildings ON buildings.building_id = stated.building_id
LEFT JOIN (:cities) AS cities (name, label, zone) ON cities.name = stated.city
LEFT JOIN (:meter_types) AS meter_types (code, name) ON meter_types.code = stated.meter
