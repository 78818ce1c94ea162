-- neither called nor closed
SELECT grp, count(*) AS numerator, count(*) AS value
FROM facts
WHERE first_attempt_at IS NULL AND received_at <= until AND (closed_at IS NULL OR closed_at > until)
GROUP BY grp
