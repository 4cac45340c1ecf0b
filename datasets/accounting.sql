-- name: accounting
-- What became of every reading and every observation that was accepted: stored, dropped by an activity, or rejected for
-- a reason. A record that a delivery stream repeated is counted once.
SELECT pipeline, ended, cause, count(*) AS elements
FROM (
  SELECT DISTINCT 'readings' AS pipeline, 'stored' AS ended, '' AS cause, record_id, "position"
  FROM readings_landing
  UNION ALL
  SELECT DISTINCT 'weather' AS pipeline, 'stored' AS ended, '' AS cause, record_id, "position"
  FROM weather_landing
  UNION ALL
  SELECT
    coalesce(pipeline, 'readings') AS pipeline,
    ended,
    CASE WHEN ended = 'dropped' THEN "by" ELSE reason END AS cause,
    record_id,
    "position"
  FROM left_out
) AS ends
GROUP BY pipeline, ended, cause
ORDER BY pipeline, ended, cause
