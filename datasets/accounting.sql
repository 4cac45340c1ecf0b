-- name: accounting
-- what: What became of every reading and every observation that was accepted: stored, dropped by an activity, or rejected
--   for a reason. A record that a delivery stream repeated is counted once. What a delivery stream could not transform or
--   convert is rejected too: all elements of the message, by the kind of failure.
-- trigger: demand
-- delta: all
-- column: pipeline string, readings or weather
-- column: ended string, stored, dropped or rejected
-- column: cause string, the activity or the reason
-- column: elements bigint
SELECT pipeline, ended, cause, sum(elements) AS elements
FROM (
  SELECT 'readings' AS pipeline, 'stored' AS ended, '' AS cause, 1 AS elements
  FROM (SELECT DISTINCT record_id, "position" FROM readings_landing) AS stored_readings
  UNION ALL
  SELECT 'weather' AS pipeline, 'stored' AS ended, '' AS cause, 1 AS elements
  FROM (SELECT DISTINCT record_id, "position" FROM weather_landing) AS stored_weather
  UNION ALL
  SELECT
    coalesce(pipeline, 'readings') AS pipeline,
    ended,
    CASE WHEN ended = 'dropped' THEN "by" ELSE reason END AS cause,
    1 AS elements
  FROM left_out
  UNION ALL
  SELECT
    CASE
      WHEN pipeline <> 'left_out' THEN pipeline
      WHEN strpos(record, '"pipeline":"weather"') > 0 THEN 'weather'
      ELSE 'readings'
    END AS pipeline,
    'rejected' AS ended,
    coalesce(errorcode, lasterrorcode) AS cause,
    CASE
      -- rows of a table, one per line
      WHEN error_type = 'format-conversion-failed' OR pipeline = 'left_out'
        THEN greatest(1, length(record) - length(replace(record, chr(10), '')))
      -- a line of a topic rule, with the message in it
      ELSE greatest(1, coalesce(
        try(json_array_length(json_parse(from_utf8(from_base64(json_extract_scalar(json_parse(record), '$.payload')))))),
        1
      ))
    END AS elements
  FROM (
    SELECT pipeline, error_type, errorcode, lasterrorcode, from_utf8(from_base64(rawdata)) AS record
    FROM delivery_failures
  ) AS failures
) AS ends
GROUP BY pipeline, ended, cause
ORDER BY pipeline, ended, cause
