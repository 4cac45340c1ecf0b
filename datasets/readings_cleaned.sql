-- name: readings_cleaned
-- what: Every reading with its building's city and what is to be thought of it. None is left out here; what takes them
--   says by quality what it leaves out.
-- parameters: from date, to date, sites rows(integer, text)
-- trigger: readings_by_day
-- delta: touched days
-- reach: 2 before, 13 after
-- stored: by day
-- keep: 3 days
-- column: building_id int
-- column: meter int, 0 electricity, 1 chilledwater, 2 steam, 3 hotwater
-- column: timestamp timestamp, UTC
-- column: meter_reading double, in the unit of the meter type
-- column: site_id int, of the register
-- column: city string, of the building's site; of a building that the register lacks, the one that sent the reading
-- column: quality string, good, negative, zero_run, stuck, spike or unregistered: the first of these that holds
--
-- negative      below zero, or no number
-- zero_run      electricity of zero for 24 hours or more
-- stuck         the same value above zero for 48 hours or more
-- spike         more than ten times the usual: the median of the daily medians above zero of this day and the 13 before
-- unregistered  of a building that the register lacks
-- A run of the same value ends where nothing was read for more than 3 hours. Two days around are enough to tell whether
-- a reading lies in a run of 48 hours.
WITH
  readings AS (
    SELECT building_id, meter, "timestamp", meter_reading, city, dt
    FROM readings_by_day
    WHERE dt >= :from - INTERVAL '13' DAY AND dt < :to + INTERVAL '2' DAY
  ),
  daily AS (
    SELECT building_id, meter, dt, approx_percentile(meter_reading, 0.5) AS middle
    FROM readings
    WHERE meter_reading > 0 AND dt < :to
    GROUP BY building_id, meter, dt
  ),
  usual AS (
    SELECT later.building_id, later.meter, later.dt, approx_percentile(earlier.middle, 0.5) AS middle
    FROM daily AS later
    JOIN daily AS earlier
      ON earlier.building_id = later.building_id
      AND earlier.meter = later.meter
      AND earlier.dt <= later.dt
      AND earlier.dt > later.dt - INTERVAL '14' DAY
    WHERE later.dt >= :from
    GROUP BY later.building_id, later.meter, later.dt
  ),
  marked AS (
    SELECT
      building_id, meter, "timestamp", meter_reading, city, dt,
      CASE
        WHEN meter_reading = lag(meter_reading) OVER (PARTITION BY building_id, meter ORDER BY "timestamp")
          AND "timestamp" <= lag("timestamp") OVER (PARTITION BY building_id, meter ORDER BY "timestamp") + INTERVAL '3' HOUR
          THEN 0
        ELSE 1
      END AS begins
    FROM readings
    WHERE dt >= :from - INTERVAL '2' DAY
  ),
  numbered AS (
    SELECT
      building_id, meter, "timestamp", meter_reading, city, dt,
      sum(begins) OVER (PARTITION BY building_id, meter ORDER BY "timestamp" ROWS UNBOUNDED PRECEDING) AS run
    FROM marked
  ),
  measured AS (
    SELECT
      building_id, meter, "timestamp", meter_reading, city, dt,
      date_diff(
        'hour',
        min("timestamp") OVER (PARTITION BY building_id, meter, run),
        max("timestamp") OVER (PARTITION BY building_id, meter, run)
      ) + 1 AS hours
    FROM numbered
  )
SELECT
  measured.building_id,
  measured.meter,
  measured."timestamp",
  measured.meter_reading,
  buildings.site_id,
  coalesce(sites.city, measured.city) AS city,
  CASE
    WHEN measured.meter_reading >= 0 THEN
      CASE
        WHEN measured.meter = 0 AND measured.meter_reading = 0 AND hours >= 24 THEN 'zero_run'
        WHEN measured.meter_reading > 0 AND hours >= 48 THEN 'stuck'
        WHEN measured.meter_reading > 10 * usual.middle THEN 'spike'
        WHEN buildings.building_id IS NULL THEN 'unregistered'
        ELSE 'good'
      END
    ELSE 'negative'
  END AS quality,
  measured.dt
FROM measured
LEFT JOIN usual
  ON usual.building_id = measured.building_id AND usual.meter = measured.meter AND usual.dt = measured.dt
LEFT JOIN (
  SELECT building_id, max(site_id) AS site_id
  FROM buildings
  GROUP BY building_id
) AS buildings ON buildings.building_id = measured.building_id
LEFT JOIN (:sites) AS sites (site_id, city) ON sites.site_id = buildings.site_id
WHERE measured.dt >= :from AND measured.dt < :to
