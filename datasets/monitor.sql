-- name: monitor
-- what: The error of the predictions per day, meter type and city, and how the week that ends with the day stands to the
--   error that the model had when it was made. The city (all) is all of them together.
-- parameters: from date, to date, reference rows(integer, double), threshold double
-- trigger: errors_by_day
-- delta: touched days
-- reach: 0 before, 6 after
-- stored: by day
-- keep: 3 days
-- column: meter int, 0 electricity, 1 chilledwater, 2 steam, 3 hotwater
-- column: city string, or (all)
-- column: elements bigint, predicted hours of a series that have a reading; the day's
-- column: rmsle double, root of the mean square of log_error; the day's
-- column: bias double, mean log_error, above zero where too much was predicted; the day's
-- column: week_elements bigint, of the seven days that end with this one
-- column: week_rmsle double
-- column: week_bias double
-- column: reference double, RMSLE of the model's card for the meter type
-- column: ratio double, week_rmsle to reference
-- column: since date, the first of the days up to this one without a break whose ratio is past 1 + threshold;
--   null where this day's is not. It looks back 60 days.
WITH
  daily AS (
    SELECT meter, city, dt, elements, squared_error, error
    FROM errors_by_day
    WHERE dt >= :from - INTERVAL '66' DAY AND dt < :to
    UNION ALL
    SELECT
      meter,
      '(all)' AS city,
      dt,
      sum(elements) AS elements,
      sum(squared_error) AS squared_error,
      sum(error) AS error
    FROM errors_by_day
    WHERE dt >= :from - INTERVAL '66' DAY AND dt < :to
    GROUP BY meter, dt
  ),
  weekly AS (
    SELECT
      today.meter,
      today.city,
      today.dt,
      max(today.elements) AS elements,
      max(today.squared_error) AS squared_error,
      max(today.error) AS error,
      sum(day.elements) AS week_elements,
      sum(day.squared_error) AS week_squared_error,
      sum(day.error) AS week_error
    FROM daily AS today
    JOIN daily AS day
      ON day.meter = today.meter
      AND day.city = today.city
      AND day.dt <= today.dt
      AND day.dt > today.dt - INTERVAL '7' DAY
    WHERE today.dt >= :from - INTERVAL '60' DAY
    GROUP BY today.meter, today.city, today.dt
  ),
  compared AS (
    SELECT
      weekly.meter,
      weekly.city,
      weekly.dt,
      weekly.elements,
      sqrt(weekly.squared_error / weekly.elements) AS rmsle,
      weekly.error / weekly.elements AS bias,
      weekly.week_elements,
      sqrt(weekly.week_squared_error / weekly.week_elements) AS week_rmsle,
      weekly.week_error / weekly.week_elements AS week_bias,
      reference.rmsle AS reference,
      sqrt(weekly.week_squared_error / weekly.week_elements) / nullif(reference.rmsle, 0) AS ratio
    FROM weekly
    LEFT JOIN (:reference) AS reference (meter, rmsle) ON reference.meter = weekly.meter
  ),
  followed AS (
    SELECT
      meter, city, dt, elements, rmsle, bias, week_elements, week_rmsle, week_bias, reference, ratio,
      max(CASE WHEN ratio > 1 + :threshold THEN NULL ELSE dt END) OVER (
        PARTITION BY meter, city ORDER BY dt ROWS UNBOUNDED PRECEDING
      ) AS last_good
    FROM compared
  ),
  told AS (
    SELECT
      meter, city, dt, elements, rmsle, bias, week_elements, week_rmsle, week_bias, reference, ratio,
      min(CASE WHEN ratio > 1 + :threshold THEN dt END) OVER (
        PARTITION BY meter, city, last_good ORDER BY dt ROWS UNBOUNDED PRECEDING
      ) AS since
    FROM followed
  )
SELECT
  meter, city, elements, rmsle, bias, week_elements, week_rmsle, week_bias, reference, ratio,
  CASE WHEN ratio > 1 + :threshold THEN since END AS since,
  dt
FROM told
WHERE dt >= :from
