-- name: feature_readings
-- what: The past of one city's series, as the features take it: use per building, meter type and hour. Zeros, stuck meters
--   and spikes stay, since models learn from them as they are: an outage that lasts foretells the next hour better than
--   all else. What is below zero, or no number, has no logarithm and is left out.
-- parameters: city text, from timestamp, to timestamp
-- trigger: forecast
-- delta: run
-- column: building_id int
-- column: meter int, 0 electricity, 1 chilledwater, 2 steam, 3 hotwater
-- column: timestamp timestamp, start of the hour, UTC
-- column: meter_reading double, in the unit of the meter type
SELECT building_id, meter, "timestamp", sum(meter_reading) AS meter_reading
FROM (
  SELECT building_id, meter, date_trunc('hour', "timestamp") AS "timestamp", meter_reading
  FROM readings_cleaned
  WHERE city = :city
    AND quality <> 'negative'
    AND dt >= CAST(:from AS date)
    AND dt <= CAST(:to AS date)
    AND "timestamp" >= :from
    AND "timestamp" < :to
) AS hours
GROUP BY building_id, meter, "timestamp"
