-- name: arrivals
-- what: The event days of what has arrived since a date: the days of which something is to be made anew. A reading that
--   comes late is noticed by its arrival, whatever day it tells of.
-- parameters: arrived_from date
-- trigger: run
-- delta: run
-- column: pipeline string, readings or weather
-- column: day date, UTC, by the timestamps of the rows
-- column: elements bigint, copies included
SELECT pipeline, day, count(*) AS elements
FROM (
  SELECT 'readings' AS pipeline, CAST("timestamp" AS date) AS day
  FROM readings_landing
  WHERE dt >= :arrived_from
  UNION ALL
  SELECT 'weather' AS pipeline, CAST("timestamp" AS date) AS day
  FROM weather_landing
  WHERE dt >= :arrived_from
) AS arrived
GROUP BY pipeline, day
ORDER BY pipeline, day
