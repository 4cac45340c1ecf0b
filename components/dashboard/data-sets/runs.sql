-- name: runs
-- what: The runs that made the predictions of the last 35 days: since when, for which hours and by which model.
-- parameters: database columns
-- trigger: demand
-- delta: all
-- column: run string, name of the execution
-- column: model string, version of the model
-- column: forecast_start timestamp, the latest hour that a forecast of it starts from, UTC
-- column: forecast_end timestamp, the last predicted hour, UTC
-- column: cities int
-- column: series int, pairs of building and meter type
-- column: predictions bigint, that no later run has replaced
WITH
  latest AS (
    SELECT max(dt) AS dt FROM :database.predictions
  )
SELECT
  predictions.run_id AS run,
  max(predictions.model_version) AS model,
  max(predictions.forecast_start) AS forecast_start,
  max(predictions."timestamp") AS forecast_end,
  CAST(count(DISTINCT predictions.city) AS integer) AS cities,
  CAST(count(DISTINCT predictions.building_id * 4 + predictions.meter) AS integer) AS series,
  count(*) AS predictions
FROM :database.predictions
CROSS JOIN latest
WHERE predictions.dt > latest.dt - INTERVAL '35' DAY
GROUP BY predictions.run_id
