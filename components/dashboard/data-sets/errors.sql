-- name: errors
-- what: The error of the predictions per day, meter type and city over the week that ends with the day, and how it stands to
--   the error that the model had when it was made.
-- parameters: database columns, cities rows(text, text), meter_types rows(integer, text)
-- trigger: demand
-- delta: all
-- column: city string, for people
-- column: meter_type string
-- column: day timestamp, UTC
-- column: days_ago int, before the latest day of all
-- column: rmsle double, of the week: root of the mean square of ln(1 + expected) - ln(1 + measured)
-- column: bias double, of the week: their mean, above zero where too much was expected
-- column: ratio double, rmsle to the model's own
-- column: latest_rmsle double, rmsle on the latest day of all, else null
-- column: latest_ratio double
-- column: drift string, on the latest day of all drifted or within what the environment allows, else earlier
-- column: drifted_since timestamp, the day since when the ratio is past what the environment allows
WITH
  latest AS (
    SELECT max(dt) AS dt FROM :database.monitor
  )
SELECT
  coalesce(cities.label, monitor.city) AS city,
  coalesce(meter_types.name, 'other') AS meter_type,
  CAST(monitor.dt AS timestamp) AS day,
  CAST(date_diff('day', monitor.dt, latest.dt) AS integer) AS days_ago,
  monitor.week_rmsle AS rmsle,
  monitor.week_bias AS bias,
  monitor.ratio,
  CASE WHEN monitor.dt = latest.dt THEN monitor.week_rmsle END AS latest_rmsle,
  CASE WHEN monitor.dt = latest.dt THEN monitor.ratio END AS latest_ratio,
  CASE WHEN monitor.dt < latest.dt THEN 'earlier' WHEN monitor.since IS NULL THEN 'within' ELSE 'drifted' END AS drift,
  CAST(monitor.since AS timestamp) AS drifted_since
FROM :database.monitor
LEFT JOIN (:cities) AS cities (name, label) ON cities.name = monitor.city
LEFT JOIN (:meter_types) AS meter_types (code, name) ON meter_types.code = monitor.meter
CROSS JOIN latest
WHERE monitor.city <> '(all)' AND monitor.dt > latest.dt - INTERVAL '400' DAY
