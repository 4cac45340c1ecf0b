-- name: weather_by_day
-- what: One row per site and time: the latest copy of each observation, by the day that it tells of.
-- parameters: from date, to date, arrived_from date, keep_current boolean, weather_columns columns
-- trigger: arrivals
-- delta: touched days
-- stored: by day
-- keep: 3 days
-- column: :weather_columns
--
-- As readings_by_day.
SELECT :weather_columns, dt
FROM (
  SELECT
    :weather_columns,
    CAST("timestamp" AS date) AS dt,
    row_number() OVER (
      PARTITION BY site_id, "timestamp"
      ORDER BY received DESC, record_id DESC, "position" DESC
    ) AS latest
  FROM (
    SELECT :weather_columns
    FROM weather_by_day
    WHERE dt >= :from AND dt < :to AND :keep_current
    UNION ALL
    SELECT :weather_columns
    FROM weather_landing
    WHERE dt >= :arrived_from
      AND "timestamp" >= CAST(:from AS timestamp)
      AND "timestamp" < CAST(:to AS timestamp)
  ) AS copies
) AS numbered
WHERE latest = 1
