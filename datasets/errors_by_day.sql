-- name: errors_by_day
-- what: How far predictions were from readings, per day, meter type and city. Of several forecasts of an hour the earliest
--   counts that was made at most 24 hours ahead, so that forecasts made later change nothing.
-- parameters: from date, to date
-- trigger: predictions_vs_readings
-- delta: touched days
-- stored: by day
-- keep: 3 days
-- column: meter int, 0 electricity, 1 chilledwater, 2 steam, 3 hotwater
-- column: city string
-- column: elements bigint, predicted hours of a series that have a reading
-- column: squared_error double, sum of the squares of log_error
-- column: error double, sum of log_error; above zero where too much was predicted
SELECT
  meter,
  city,
  count(*) AS elements,
  sum(log_error * log_error) AS squared_error,
  sum(log_error) AS error,
  dt
FROM (
  SELECT
    meter,
    city,
    log_error,
    dt,
    row_number() OVER (PARTITION BY building_id, meter, "timestamp" ORDER BY hours_ahead DESC) AS place
  FROM predictions_vs_readings
  WHERE dt >= :from AND dt < :to AND hours_ahead <= 24 AND log_error IS NOT NULL
) AS compared
WHERE place = 1
GROUP BY meter, city, dt
