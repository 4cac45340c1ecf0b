-- name: elements
-- what: What became of the readings and observations that arrived in the last 35 days: stored, dropped by an activity or
--   rejected for a reason, per day of arrival. What a delivery stream could not transform or convert counts as rejected, a
--   message as one.
-- parameters: database columns, cities rows(text, text)
-- trigger: demand
-- delta: all
-- column: city string, for people; of a message that names none, no city
-- column: pipeline string, readings or weather
-- column: ended string, stored, dropped or rejected
-- column: cause string, the activity or the reason
-- column: day timestamp, of arrival, UTC
-- column: days_ago int, before the latest day of arrival
-- column: elements bigint
WITH
  ends AS (
    SELECT 'readings' AS pipeline, city, 'stored' AS ended, '' AS cause, dt, count(*) AS elements
    FROM (
      SELECT DISTINCT record_id, "position", city, dt
      FROM :database.readings_landing
      WHERE dt > current_date - INTERVAL '35' DAY
    ) AS readings
    GROUP BY city, dt
    UNION ALL
    SELECT 'weather' AS pipeline, city, 'stored' AS ended, '' AS cause, dt, count(*) AS elements
    FROM (
      SELECT DISTINCT record_id, "position", city, dt
      FROM :database.weather_landing
      WHERE dt > current_date - INTERVAL '35' DAY
    ) AS observations
    GROUP BY city, dt
    UNION ALL
    SELECT pipeline, city, ended, cause, dt, count(*) AS elements
    FROM (
      SELECT DISTINCT
        record_id,
        "position",
        coalesce(pipeline, 'readings') AS pipeline,
        city,
        ended,
        coalesce(CASE WHEN ended = 'dropped' THEN "by" ELSE reason END, '') AS cause,
        dt
      FROM :database.left_out_landing
      WHERE dt > current_date - INTERVAL '35' DAY
    ) AS left_out
    GROUP BY pipeline, city, ended, cause, dt
    UNION ALL
    SELECT
      CASE WHEN pipeline = 'weather' THEN 'weather' ELSE 'readings' END AS pipeline,
      CAST(NULL AS varchar) AS city,
      'rejected' AS ended,
      coalesce(errorcode, lasterrorcode, '') AS cause,
      dt,
      count(*) AS elements
    FROM :database.delivery_failures
    WHERE dt > current_date - INTERVAL '35' DAY
    GROUP BY CASE WHEN pipeline = 'weather' THEN 'weather' ELSE 'readings' END, coalesce(errorcode, lasterrorcode, ''), dt
  ),
  latest AS (
    SELECT max(dt) AS dt FROM ends
  )
SELECT
  coalesce(cities.label, ends.city, 'no city') AS city,
  ends.pipeline,
  ends.ended,
  ends.cause,
  CAST(ends.dt AS timestamp) AS day,
  CAST(date_diff('day', ends.dt, latest.dt) AS integer) AS days_ago,
  ends.elements
FROM ends
LEFT JOIN (:cities) AS cities (name, label) ON cities.name = ends.city
CROSS JOIN latest
