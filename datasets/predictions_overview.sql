-- name: predictions_overview
-- what: What was predicted beside what was read, per meter type and city: how much, and how far apart.
-- trigger: demand
-- delta: all
-- column: meter int, 0 electricity, 1 chilledwater, 2 steam, 3 hotwater
-- column: city string
-- column: predicted bigint, hours of series
-- column: compared bigint, those whose reading is there
-- column: mean_predicted double, of those compared; in the unit of the meter type
-- column: mean_reading double
-- column: rmsle double, root of the mean square of log_error; null without readings
SELECT
  meter,
  city,
  count(*) AS predicted,
  count(reading) AS compared,
  avg(CASE WHEN reading IS NOT NULL THEN predicted END) AS mean_predicted,
  avg(reading) AS mean_reading,
  sqrt(avg(log_error * log_error)) AS rmsle
FROM predictions_vs_readings
GROUP BY meter, city
ORDER BY meter, city
