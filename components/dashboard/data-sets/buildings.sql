-- name: buildings
-- what: Each building's use for its size over the last 28 days, beside that of buildings with the same use and meter type.
-- parameters: database columns, cities rows(text, text), meter_types rows(integer, text)
-- trigger: demand
-- delta: all
-- column: city string, for people
-- column: meter_type string
-- column: building string, its number and what it is used for
-- column: primary_use string
-- column: floor_area double, square metres
-- column: use_per_day double, in the unit of the meter type
-- column: intensity double, use per square metre and year at the rate of these days
-- column: peers_intensity double, the median of buildings of the same use
-- column: times_peers double, intensity to theirs; null below three peers
-- column: hours int, that have a reading
WITH
  latest AS (
    SELECT max(dt) AS dt FROM :database.use_by_day
  ),
  used AS (
    SELECT
      days.building_id,
      days.meter,
      max(days.city) AS city,
      max(days.primary_use) AS primary_use,
      sum(days.use) AS use,
      CAST(sum(days.hours) AS integer) AS hours
    FROM :database.use_by_day AS days
    CROSS JOIN latest
    WHERE days.dt > latest.dt - INTERVAL '28' DAY AND days.use IS NOT NULL
    GROUP BY days.building_id, days.meter
  ),
  rated AS (
    SELECT
      used.building_id,
      used.meter,
      used.city,
      coalesce(used.primary_use, 'not registered') AS primary_use,
      used.hours,
      used.use / used.hours * 24 AS use_per_day,
      buildings.square_feet * 0.09290304 AS floor_area,
      used.use / used.hours * 8760 / nullif(buildings.square_feet * 0.09290304, 0) AS intensity
    FROM used
    LEFT JOIN :database.buildings ON buildings.building_id = used.building_id
    WHERE used.hours > 0
  ),
  peers AS (
    SELECT primary_use, meter, approx_percentile(intensity, 0.5) AS intensity, count(intensity) AS buildings
    FROM rated
    GROUP BY primary_use, meter
  )
SELECT
  coalesce(cities.label, rated.city, 'no city') AS city,
  coalesce(meter_types.name, 'other') AS meter_type,
  concat(CAST(rated.building_id AS varchar), ' ', rated.primary_use) AS building,
  rated.primary_use,
  rated.floor_area,
  rated.use_per_day,
  rated.intensity,
  peers.intensity AS peers_intensity,
  CASE WHEN peers.buildings >= 3 THEN rated.intensity / nullif(peers.intensity, 0) END AS times_peers,
  rated.hours
FROM rated
JOIN peers ON peers.primary_use = rated.primary_use AND peers.meter = rated.meter
LEFT JOIN (:cities) AS cities (name, label) ON cities.name = rated.city
LEFT JOIN (:meter_types) AS meter_types (code, name) ON meter_types.code = rated.meter
