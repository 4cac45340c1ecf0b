-- name: overview
-- what: What is stored per meter type and city: how much, of how many buildings, from when to when.
-- trigger: demand
-- delta: all
-- column: meter int, 0 electricity, 1 chilledwater, 2 steam, 3 hotwater
-- column: city string
-- column: readings bigint
-- column: buildings bigint
-- column: first_reading timestamp, UTC
-- column: last_reading timestamp, UTC
-- column: mean_reading double, in the unit of the meter type
SELECT
  meter,
  city,
  count(*) AS readings,
  count(DISTINCT building_id) AS buildings,
  min("timestamp") AS first_reading,
  max("timestamp") AS last_reading,
  avg(meter_reading) AS mean_reading
FROM readings
GROUP BY meter, city
ORDER BY meter, city
