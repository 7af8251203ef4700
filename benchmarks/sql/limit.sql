-- The whole decision as fast as DuckDB can be made to give it by hand, for complete and valid cases: the floor.
-- It reads the relations 案件 and 已享补贴, and what hand_sql.py makes: calendar, choice, sums, reasons, two macros.
-- How it is fast, all of it exact:
--   Every date condition that is monotone is turned round into a limit that depends on the issue date alone (born after,
--   discharged since), so that one calendar of 1,096 issue dates replaces all arithmetic with months. A certificate outside
--   it is one to which the notice does not apply, so that the LEFT JOIN is the check of the range too.
--   Identities and reasons are bits of two integers; lists, names, shares and money are looked up by them in small tables.
--   Earlier subsidies: one scan, one join, one aggregate; rows that say nothing are dropped first.
WITH past AS (      -- four counts of 15 bits: counted in the year, of these as 在职 or 养老家政, repeated, as 中职
  SELECT id, sum(said)::BIGINT AS said
  FROM (SELECT h."案件编号" AS id,
          CASE WHEN NOT first("种类", '区') AND year(h."申请日期") = apply_year
               THEN CASE WHEN first("身份", '在') OR first("身份", '养') THEN 32769 ELSE 1 END ELSE 0 END
          + CASE WHEN first("种类", '提')
                 THEN CASE WHEN h."职业编码" = code THEN CASE WHEN old = new OR (old < 5 AND old > new AND new < 5) THEN 1073741824 ELSE 0 END
                           ELSE 0 END
                      + CASE WHEN first("身份", '中') THEN 35184372088832 ELSE 0 END
                 ELSE 0 END AS said
        FROM (SELECT *, level("等级") AS old FROM "已享补贴") h
        JOIN (SELECT "案件编号", year("申请.日期") AS apply_year, "证书.职业编码" AS code, level("证书.等级") AS new FROM "案件") c
          ON c."案件编号" = h."案件编号")
  WHERE said > 0 GROUP BY id
),
facts AS (
  SELECT c.*, k.*, coalesce(said, 0) AS said, CASE WHEN (said >> 15) & 32767 > 0 THEN 512 ELSE 0 END AS employed_in_year,
    "申请.日期" AS applied, "证书.颁发日期" AS issued, "申请人.出生日期" AS born, "申请人.原法定退休年龄" AS original,
    first("申请人.户籍", '本') AS local, "就业.申请时在沪就业" AS employed_now, level("证书.等级") AS level,
    (NOT first("获证时.未就业类别", '无'))::INT AS jobless, unicode("获证时.在读院校") AS school, NOT first("养老家政.岗位", '无') AS in_care,
    first("申请.渠道", '区') AS at_window, first("证书.种类", '职') AS graded,
    NOT first("证书.取得方式", '职') OR NOT first("获证时.任职", '其') AS excluded,
    least(ascii("证书.补贴类别") - 65, 3) AS class, "证书.职业编码" IN ('4-09-10-05', '4-03-02-07', '4-08-05-03', '4-03-02-08', '4-10-03-03', '4-10-03-01', '6-02-06-11', '4-03-02-09', '4-03-02-03', '4-03-02-04', '4-03-02-02', '4-12-02-01', '6-02-06-07') AS in_annex,
    coalesce(born <= born_16, false) AS grown,
    grown AND born > CASE original WHEN 60 THEN born_60 WHEN 55 THEN born_55 ELSE born_50 END AS working_age,
    coalesce(applied > m12, false)::INT AS late
  FROM "案件" c LEFT JOIN calendar k ON k.d = c."证书.颁发日期" LEFT JOIN past ON id = "案件编号"
),
held AS (           -- identities held, each a bit in its place; *_fails: the reasons against one, as bits, 0 where it is not held
  SELECT *,
    (working_age AND "获证时.与本市用人单位建立劳动关系" AND "获证时.参加本市城镇职工社会保险并缴费")::INT AS employed,
    CASE WHEN employed = 1 THEN CASE WHEN "就业.获证起持续在沪就业至" >= m6 AND applied >= m6 THEN 0 ELSE 4 END + late * 256 + employed_in_year ELSE 0 END
      AS employed_fails,
    working_age::INT * (CASE WHEN local THEN "获证时.灵活就业登记" OR "获证时.以灵活就业身份参加城镇职工社会保险"
                             ELSE "获证时.以灵活就业身份参加基本养老和医疗保险" END::INT * 2
      + local::INT * ("获证时.残疾人"::INT * 4 + coalesce("获证时.退役日期" BETWEEN discharged AND issued, false)::INT * 8
                      + "获证时.公示的就业困难人员"::INT * 16 + jobless * 128)) AS simple,
    CASE WHEN "获证时.毕业学年" AND working_age THEN CASE school WHEN unicode('高') THEN 32 WHEN unicode('中') THEN 64 ELSE 0 END ELSE 0 END AS student,
    CASE WHEN student > 0 THEN CASE WHEN applied > m24 THEN 256 ELSE 0 END
         + CASE WHEN student = 32 THEN CASE WHEN level IN (0, 5) THEN 8 ELSE 0 END WHEN said >> 45 > 0 THEN 8 ELSE 0 END ELSE 0 END AS student_fails,
    CASE WHEN in_care THEN CASE WHEN "证书.属养老护理或家政服务项目" AND graded AND grown
                AND born > CASE original WHEN 60 THEN born_60 WHEN 55 THEN care_55 ELSE care_50 END THEN 256 ELSE 0 END ELSE 0 END AS care,
    CASE WHEN care > 0
         THEN CASE WHEN applied > m24 THEN 256 ELSE 0 END + employed_in_year
              + CASE WHEN "养老家政.上岗日期" <= m12 AND "养老家政.连续就业至" IS NOT NULL
                          AND least("养老家政.连续就业至", applied) >= (greatest("养老家政.上岗日期", issued) + INTERVAL 6 MONTH)::DATE THEN 0 ELSE 128 END
         ELSE 0 END AS care_fails,
    CASE WHEN d IS NULL THEN 0 ELSE
      (class = 3 OR NOT "证书.随申办可查询")::INT * 2
      + CASE WHEN in_annex THEN (NOT employed_now OR NOT "就业.已提供技能岗位就业材料")::INT * 16 ELSE 0 END
      + excluded::INT * 64
      + CASE WHEN said = 0 THEN 0 ELSE CASE WHEN (said >> 30) & 32767 > 0 THEN 32 ELSE 0 END + CASE WHEN said & 32767 >= 3 THEN 512 ELSE 0 END END END AS whole
  FROM facts
),
masks AS (
  SELECT *,
    employed * (employed_fails = 0)::INT + simple * (1 - late) + CASE WHEN student_fails = 0 THEN student ELSE 0 END
      + CASE WHEN care_fails = 0 THEN care ELSE 0 END AS good,
    whole | CASE WHEN good > 0 OR d IS NULL THEN 0 WHEN employed + simple + student + care = 0 THEN 1
                 ELSE employed_fails | student_fails | care_fails | CASE WHEN simple > 0 THEN late * 256 ELSE 0 END END AS against,
    CASE WHEN against = 0 AND d IS NOT NULL THEN good + employed_now::INT * 512 ELSE 0 END AS key
  FROM held
),
chosen AS (
  SELECT *,
    CASE WHEN taken IS NULL THEN []
         WHEN taken = 0 THEN CASE WHEN "获证时.用人单位社会保险关系所在区" IS NULL THEN [] ELSE ["获证时.用人单位社会保险关系所在区"] END
         WHEN taken = 5 OR taken = 6 THEN CASE WHEN "获证时.院校所在区" IS NULL THEN [] ELSE ["获证时.院校所在区"] END
         WHEN taken = 8 THEN CASE WHEN "养老家政.单位所在区" IS NULL THEN [] ELSE ["养老家政.单位所在区"] END
         WHEN taken > 1 OR "获证时.灵活就业社会保险缴纳所在区" IS NULL THEN CASE WHEN local THEN ["申请人.户籍所在区"] ELSE [] END
         WHEN local AND "申请人.户籍所在区" <> "获证时.灵活就业社会保险缴纳所在区"
         THEN ["获证时.灵活就业社会保险缴纳所在区", "申请人.户籍所在区"] ELSE ["获证时.灵活就业社会保险缴纳所在区"] END AS bearing
  FROM masks JOIN choice ON x = key JOIN sums ON y = r + class * 6 + level JOIN reasons ON z = against
)
SELECT "案件编号", '已定' AS "状态",
  CASE WHEN key > 0 THEN '可享受' WHEN d IS NULL THEN '不适用本通知' ELSE '不可享受' END AS "结论",
  name AS "享受身份", options AS "可选身份", CASE WHEN d IS NOT NULL THEN standard END AS "补贴标准", rate AS "补贴比例", amount AS "补贴金额",
  CASE WHEN taken IN (5, 6, 8) THEN m24 WHEN key > 0 THEN m12 END AS "申请截止日",
  CASE WHEN key > 0 AND at_window THEN ["申请.受理区"] ELSE bearing END AS "审核区", bearing AS "承担区",
  city AS "市级承担", district AS "区级承担", list AS "不可享受原因", []::VARCHAR[] AS "缺少", []::VARCHAR[] AS "错误",
  []::VARCHAR[] AS "未定"
FROM chosen
