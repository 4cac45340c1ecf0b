-- name: use_by_day
-- what: Use per building, meter type and day of the city's clock, of the last 400 days.
-- parameters: database columns, cities rows(text, text), meter_types rows(integer, text)
-- trigger: demand
-- delta: all
-- column: city string, for people
-- column: meter_type string
-- column: building string, its number and what it is used for
-- column: primary_use string
-- column: day timestamp, its start on the city's clock
-- column: days_ago int, before the latest day of all
-- column: day_kind string, whole, open while hours of it are still to come in some city, or partial where hours are missing
-- column: use double, in the unit of the meter type
-- column: hours int, that have a reading
--
-- A sum over cities means something on days that are over in all of them. A city that has been silent for three days is not
-- waited for.
WITH
  latest AS (
    SELECT max(dt) AS dt FROM :database.use_by_day
  ),
  hours_of AS (
    SELECT city, dt, max(hours) AS hours FROM :database.use_by_day GROUP BY city, dt
  ),
  whole_days AS (
    SELECT city, max(dt) AS dt FROM hours_of WHERE hours >= 23 GROUP BY city
  ),
  common AS (
    SELECT min(whole_days.dt) AS dt
    FROM whole_days
    CROSS JOIN latest
    WHERE whole_days.dt > latest.dt - INTERVAL '3' DAY
  )
SELECT
  coalesce(cities.label, days.city, 'no city') AS city,
  coalesce(meter_types.name, 'other') AS meter_type,
  concat(CAST(days.building_id AS varchar), ' ', coalesce(days.primary_use, 'not registered')) AS building,
  coalesce(days.primary_use, 'not registered') AS primary_use,
  CAST(days.dt AS timestamp) AS day,
  CAST(date_diff('day', days.dt, latest.dt) AS integer) AS days_ago,
  CASE
    WHEN days.dt > common.dt THEN 'open'
    WHEN hours_of.hours >= 23 THEN 'whole'
    ELSE 'partial'
  END AS day_kind,
  days.use,
  CAST(days.hours AS integer) AS hours
FROM :database.use_by_day AS days
LEFT JOIN hours_of ON hours_of.city = days.city AND hours_of.dt = days.dt
LEFT JOIN (:cities) AS cities (name, label) ON cities.name = days.city
LEFT JOIN (:meter_types) AS meter_types (code, name) ON meter_types.code = days.meter
CROSS JOIN latest
CROSS JOIN common
WHERE days.dt > latest.dt - INTERVAL '400' DAY
