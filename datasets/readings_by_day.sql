-- name: readings_by_day
-- what: One row per building, meter type and time: the latest copy of each reading, by the day that it tells of.
-- parameters: from date, to date, arrived_from date, keep_current boolean, reading_columns columns
-- trigger: arrivals
-- delta: touched days
-- stored: by day
-- keep: 3 days
-- column: :reading_columns
--
-- A day as it stands, together with what has arrived since: late readings and copies change a day that was closed. To make
-- it from what arrived alone (after a reprocessing), keep_current is false and arrived_from the first day of all.
SELECT :reading_columns, dt
FROM (
  SELECT
    :reading_columns,
    CAST("timestamp" AS date) AS dt,
    row_number() OVER (
      PARTITION BY building_id, meter, "timestamp"
      ORDER BY received DESC, record_id DESC, "position" DESC
    ) AS latest
  FROM (
    SELECT :reading_columns
    FROM readings_by_day
    WHERE dt >= :from AND dt < :to AND :keep_current
    UNION ALL
    SELECT :reading_columns
    FROM readings_landing
    WHERE dt >= :arrived_from
      AND "timestamp" >= CAST(:from AS timestamp)
      AND "timestamp" < CAST(:to AS timestamp)
  ) AS copies
) AS numbered
WHERE latest = 1
