-- name: use_by_hour
-- what: Use per building, meter type and hour. Readings below zero and spikes are not counted as use; where an hour has
--   nothing else, its use is not known.
-- parameters: from date, to date, zones rows(text, text)
-- trigger: readings_cleaned
-- delta: touched days
-- stored: by day
-- keep: 3 days
-- column: building_id int
-- column: meter int, 0 electricity, 1 chilledwater, 2 steam, 3 hotwater
-- column: city string
-- column: site_id int
-- column: primary_use string, of the register
-- column: hour timestamp, its start, UTC
-- column: local_hour timestamp, its start on the city's clock
-- column: use double, in the unit of the meter type
-- column: use_per_square_foot double
-- column: readings bigint
-- column: doubtful bigint, readings whose quality is not good
--
-- What a clock shows is worked out once for all series of a city.
WITH
  hours AS (
    SELECT
      building_id,
      meter,
      max(city) AS city,
      max(site_id) AS site_id,
      date_trunc('hour', "timestamp") AS hour,
      sum(meter_reading) FILTER (WHERE quality NOT IN ('negative', 'spike')) AS use,
      count(*) AS readings,
      count(*) FILTER (WHERE quality <> 'good') AS doubtful,
      dt
    FROM readings_cleaned
    WHERE dt >= :from AND dt < :to
    GROUP BY building_id, meter, date_trunc('hour', "timestamp"), dt
  ),
  local_times AS (
    SELECT
      times.city,
      times.hour AS utc,
      CAST(at_timezone(with_timezone(times.hour, 'UTC'), coalesce(zones.zone, 'UTC')) AS timestamp) AS hour
    FROM (SELECT DISTINCT coalesce(city, '') AS city, hour FROM hours) AS times
    LEFT JOIN (:zones) AS zones (city, zone) ON zones.city = times.city
  )
SELECT
  hours.building_id,
  hours.meter,
  hours.city,
  hours.site_id,
  buildings.primary_use,
  hours.hour,
  local_times.hour AS local_hour,
  hours.use,
  hours.use / nullif(buildings.square_feet, 0) AS use_per_square_foot,
  hours.readings,
  hours.doubtful,
  hours.dt
FROM hours
LEFT JOIN (
  SELECT building_id, max(primary_use) AS primary_use, max(square_feet) AS square_feet
  FROM buildings
  GROUP BY building_id
) AS buildings ON buildings.building_id = hours.building_id
JOIN local_times ON local_times.city = coalesce(hours.city, '') AND local_times.utc = hours.hour
