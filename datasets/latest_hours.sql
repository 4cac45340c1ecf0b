-- name: latest_hours
-- what: Per city the first and the last hour that there are, and the latest complete one: in which at least 80 % of the
--   series that reported in the 24 hours before have a reading. Forecasts start behind it.
-- parameters: from date, to date
-- trigger: run
-- delta: run
-- column: city string
-- column: series bigint, pairs of building and meter type
-- column: first_hour timestamp, its start, UTC
-- column: last_hour timestamp
-- column: complete_hour timestamp, null where no hour is
--
-- A series that reported in hour t is awaited in the hours t + 1 to t + 24. So the number of those awaited rises by one
-- in the hour after the first reading of a stretch without gaps of more than 24 hours, and falls 25 hours after its last.
WITH
  reported AS (
    SELECT DISTINCT city, building_id, meter, date_trunc('hour', "timestamp") AS hour
    FROM readings_cleaned
    WHERE dt >= :from AND dt < :to AND city IS NOT NULL
  ),
  neighbours AS (
    SELECT
      city,
      hour,
      lag(hour) OVER (PARTITION BY city, building_id, meter ORDER BY hour) >= hour - INTERVAL '24' HOUR AS awaited,
      lead(hour) OVER (PARTITION BY city, building_id, meter ORDER BY hour) <= hour + INTERVAL '24' HOUR AS goes_on
    FROM reported
  ),
  changes AS (
    SELECT city, hour, 0 AS change, CASE WHEN awaited THEN 1 ELSE 0 END AS came FROM neighbours
    UNION ALL
    SELECT city, hour + INTERVAL '1' HOUR AS hour, 1 AS change, 0 AS came FROM neighbours WHERE NOT coalesce(awaited, FALSE)
    UNION ALL
    SELECT city, hour + INTERVAL '25' HOUR AS hour, -1 AS change, 0 AS came FROM neighbours WHERE NOT coalesce(goes_on, FALSE)
  ),
  hours AS (
    SELECT
      city,
      hour,
      sum(came) AS came,
      sum(sum(change)) OVER (PARTITION BY city ORDER BY hour ROWS UNBOUNDED PRECEDING) AS awaited
    FROM changes
    GROUP BY city, hour
  ),
  complete AS (
    SELECT city, max(hour) AS hour
    FROM hours
    WHERE awaited > 0 AND came * 10 >= awaited * 8
    GROUP BY city
  ),
  cities AS (
    SELECT city, count(*) AS series, min(first_hour) AS first_hour, max(last_hour) AS last_hour
    FROM (
      SELECT city, building_id, meter, min(hour) AS first_hour, max(hour) AS last_hour
      FROM reported
      GROUP BY city, building_id, meter
    ) AS series
    GROUP BY city
  )
SELECT cities.city, cities.series, cities.first_hour, cities.last_hour, complete.hour AS complete_hour
FROM cities
LEFT JOIN complete ON complete.city = cities.city
ORDER BY cities.city
