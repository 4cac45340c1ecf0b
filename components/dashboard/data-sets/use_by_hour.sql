-- name: use_by_hour
-- what: Use per building, meter type and hour of the city's clock, of the last 35 days.
-- parameters: database columns, cities rows(text, text), meter_types rows(integer, text)
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
-- column: days_ago int, before the latest day of all
-- column: use double, in the unit of the meter type
WITH
  latest AS (
    SELECT max(dt) AS dt FROM :database.use_by_hour
  )
SELECT
  coalesce(cities.label, hours.city, 'no city') AS city,
  coalesce(meter_types.name, 'other') AS meter_type,
  concat(CAST(hours.building_id AS varchar), ' ', coalesce(hours.primary_use, 'not registered')) AS building,
  hours.local_hour AS hour,
  date_trunc('day', hours.local_hour) AS day,
  CAST(hour(hours.local_hour) AS integer) AS hour_of_day,
  date_format(hours.local_hour, '%a') AS weekday,
  CAST(day_of_week(hours.local_hour) AS integer) AS weekday_number,
  CAST(date_diff('day', CAST(hours.local_hour AS date), latest.dt) AS integer) AS days_ago,
  hours.use
FROM :database.use_by_hour AS hours
LEFT JOIN (:cities) AS cities (name, label) ON cities.name = hours.city
LEFT JOIN (:meter_types) AS meter_types (code, name) ON meter_types.code = hours.meter
CROSS JOIN latest
WHERE hours.dt > latest.dt - INTERVAL '35' DAY
