-- What limit.sql looks up in: one row an issue date. born_*: the last birth date of one who has reached that limit on
-- that day.
CREATE TEMP TABLE births AS
  SELECT d AS born, (d + INTERVAL 16 YEAR)::DATE AS y16, (d + INTERVAL 60 YEAR)::DATE AS y60,
    (d + to_months((720 + CASE WHEN m < 1965 * 12 THEN 0 ELSE least(36, (m - 1965 * 12) // 4 + 1) END)::INT))::DATE AS r60,
    (d + to_months((660 + CASE WHEN m < 1970 * 12 THEN 0 ELSE least(36, (m - 1970 * 12) // 4 + 1) END)::INT))::DATE AS r55,
    (d + to_months((600 + CASE WHEN m < 1975 * 12 THEN 0 ELSE least(60, (m - 1975 * 12) // 2 + 1) END)::INT))::DATE AS r50
  FROM (SELECT DATE '1900-01-01' + i::INT AS d, year(d) * 12 + month(d) - 1 AS m FROM range(46872) t(i));
CREATE TEMP TABLE calendar AS
  SELECT d, (d + INTERVAL 6 MONTH)::DATE AS m6, (d + INTERVAL 12 MONTH)::DATE AS m12, (d + INTERVAL 24 MONTH)::DATE AS m24,
    x16.born AS born_16, a.born AS born_60, b.born AS born_55, c.born AS born_50, least(b.born, e.born) AS care_55, least(c.born, e.born) AS care_50,
    (SELECT min(s) FROM (SELECT d - 1826 - i::INT AS s FROM range(4) t(i)) WHERE s + INTERVAL 60 MONTH >= d) AS discharged
  FROM (SELECT DATE '2025-05-01' + i::INT AS d FROM range(1096) t(i))
  ASOF JOIN births x16 ON x16.y16 <= d ASOF JOIN births a ON a.r60 <= d ASOF JOIN births b ON b.r55 <= d
  ASOF JOIN births c ON c.r50 <= d ASOF JOIN births e ON e.y60 <= d;

-- first(x, name): do the two begin alike? DuckDB works the code of a first character out once for each entry of the file's
-- dictionary, not once a row, and no two names of one enumeration begin alike. level: 0 五级 to 4 一级, 5 不分等级.
CREATE TEMP MACRO level(x) AS CASE unicode(x) WHEN 20116 THEN 0 WHEN 22235 THEN 1 WHEN 19977 THEN 2 WHEN 20108 THEN 3 WHEN 19968 THEN 4
  ELSE 5 END;
CREATE TEMP MACRO first(x, name) AS unicode(x) = unicode(name);
