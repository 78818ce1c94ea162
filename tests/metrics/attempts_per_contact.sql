-- mean ordinal of the first right-party contact
SELECT
    grp,
    sum(ordinal) AS numerator,
    count(*) AS denominator,
    avg(ordinal) AS value,
    stddev_samp(ordinal) AS spread
FROM facts
GROUP BY grp
