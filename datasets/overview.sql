-- name: overview
-- What is stored per meter type and city: how much, of how many buildings, from when to when.
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
