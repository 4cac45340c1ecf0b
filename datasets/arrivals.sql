-- name: arrivals
-- what: What has arrived since a date, by the day on which it arrived and the day that it tells of. Where there is more than
--   the last run saw, the latter is to be made anew: a reading that comes late is noticed by its arrival.
-- parameters: arrived_from date
-- trigger: run
-- delta: run
-- column: pipeline string, readings or weather
-- column: arrived date, UTC
-- column: day date, UTC, by the timestamps of the rows
-- column: elements bigint, copies included
SELECT pipeline, arrived, day, count(*) AS elements
FROM (
  SELECT 'readings' AS pipeline, dt AS arrived, CAST("timestamp" AS date) AS day
  FROM readings_landing
  WHERE dt >= :arrived_from
  UNION ALL
  SELECT 'weather' AS pipeline, dt AS arrived, CAST("timestamp" AS date) AS day
  FROM weather_landing
  WHERE dt >= :arrived_from
) AS arrivals
GROUP BY pipeline, arrived, day
ORDER BY pipeline, arrived, day
