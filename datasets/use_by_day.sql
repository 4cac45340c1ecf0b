-- name: use_by_day
-- what: Use per building, meter type and day of the city's clock, which has 23 or 25 hours when the clock is changed.
-- parameters: from date, to date, zones rows(text, text)
-- trigger: readings_cleaned
-- delta: touched days
-- reach: 1 before, 1 after
-- stored: by day
-- keep: 3 days
-- column: building_id int
-- column: meter int, 0 electricity, 1 chilledwater, 2 steam, 3 hotwater
-- column: city string
-- column: site_id int
-- column: primary_use string, of the register
-- column: use double, in the unit of the meter type; without readings below zero and spikes
-- column: use_per_square_foot double
-- column: hours bigint, that have a reading
-- column: readings bigint
-- column: doubtful bigint, readings whose quality is not good
--
-- What a clock shows is worked out once for all series that have a reading at the time.
WITH
  cleaned AS (
    SELECT building_id, meter, city, site_id, "timestamp", meter_reading, quality
    FROM readings_cleaned
    WHERE dt >= :from - INTERVAL '1' DAY AND dt < :to + INTERVAL '1' DAY
  ),
  local_times AS (
    SELECT
      times.city,
      times."timestamp",
      CAST(at_timezone(with_timezone(times."timestamp", 'UTC'), coalesce(zones.zone, 'UTC')) AS date) AS day
    FROM (SELECT DISTINCT coalesce(city, '') AS city, "timestamp" FROM cleaned) AS times
    LEFT JOIN (:zones) AS zones (city, zone) ON zones.city = times.city
  )
SELECT
  days.building_id,
  days.meter,
  days.city,
  days.site_id,
  buildings.primary_use,
  days.use,
  days.use / nullif(buildings.square_feet, 0) AS use_per_square_foot,
  days.hours,
  days.readings,
  days.doubtful,
  days.dt
FROM (
  SELECT
    building_id,
    meter,
    max(city) AS city,
    max(site_id) AS site_id,
    sum(meter_reading) FILTER (WHERE quality NOT IN ('negative', 'spike')) AS use,
    count(DISTINCT date_trunc('hour', "timestamp")) AS hours,
    count(*) AS readings,
    count(*) FILTER (WHERE quality <> 'good') AS doubtful,
    dt
  FROM (
    SELECT
      cleaned.building_id,
      cleaned.meter,
      cleaned.city,
      cleaned.site_id,
      cleaned."timestamp",
      cleaned.meter_reading,
      cleaned.quality,
      local_times.day AS dt
    FROM cleaned
    JOIN local_times
      ON local_times.city = coalesce(cleaned.city, '') AND local_times."timestamp" = cleaned."timestamp"
  ) AS local
  WHERE dt >= :from AND dt < :to
  GROUP BY building_id, meter, dt
) AS days
LEFT JOIN (
  SELECT building_id, max(primary_use) AS primary_use, max(square_feet) AS square_feet
  FROM buildings
  GROUP BY building_id
) AS buildings ON buildings.building_id = days.building_id
