-- The whole decision as a competent analyst writes it: named steps, one below the other, nothing tuned.
-- For complete and valid cases; it reads the relations 案件 and 已享补贴.
WITH past AS (
  SELECT "案件编号", h."种类", h."身份", h."等级" AS past_level, c."证书.等级" AS level, h."职业编码" = c."证书.职业编码" AS same_code,
         year(h."申请日期") = year(c."申请.日期") AND h."种类" IN ('提升补贴', '培训补贴') AS counted,
         list_position(['五级', '四级', '三级', '二级', '一级'], past_level) AS past_rank,
         list_position(['五级', '四级', '三级', '二级', '一级'], level) AS rank
  FROM "已享补贴" h JOIN "案件" c USING ("案件编号")
),
history AS (
  SELECT "案件编号",
         count(*) FILTER (WHERE counted) AS in_year,
         bool_or(counted AND "身份" IN ('在职人员', '养老家政从业人员')) AS employed_in_year,
         bool_or("种类" = '提升补贴' AND same_code
                 AND CASE WHEN level = '不分等级' OR past_level = '不分等级' THEN level = past_level ELSE past_rank >= rank END) AS repeated,
         bool_or("种类" = '提升补贴' AND "身份" = '中职毕业学年学生') AS had_vocational
  FROM past
  GROUP BY "案件编号"
),
standard AS (
  SELECT * FROM (VALUES
    ('A', '五级', 1950), ('A', '四级', 2600), ('A', '三级', 3250), ('A', '二级', 3900), ('A', '一级', 4550), ('A', '不分等级', 1000),
    ('B', '五级', 1500), ('B', '四级', 2000), ('B', '三级', 2700), ('B', '二级', 3200), ('B', '一级', 3700), ('B', '不分等级', 800),
    ('C', '五级', 800), ('C', '四级', 800), ('C', '三级', 1500), ('C', '二级', 1500), ('C', '一级', 1500), ('C', '不分等级', 500)
  ) t(class, level, amount)
),
facts AS (
  SELECT c.*,
         coalesce(h.in_year, 0) AS in_year, coalesce(h.employed_in_year, false) AS employed_in_year,
         coalesce(h.repeated, false) AS repeated, coalesce(h.had_vocational, false) AS had_vocational,
         s.amount::DECIMAL(18, 2) AS standard,
         "证书.颁发日期" AS issued, "申请.日期" AS applied, "申请人.出生日期" AS born,
         "申请人.户籍" = '本市' AS local, "就业.申请时在沪就业" AS employed_now,
         CASE WHEN local THEN "申请人.户籍所在区" END AS home,
         issued BETWEEN DATE '2025-05-01' AND DATE '2028-04-30' AS applies,
         (issued + INTERVAL 6 MONTH)::DATE AS after_6, (issued + INTERVAL 12 MONTH)::DATE AS after_12,
         (issued + INTERVAL 24 MONTH)::DATE AS after_24,
         year(born) * 12 + month(born) - 1 AS born_month,
         CASE "申请人.原法定退休年龄"
           WHEN 60 THEN CASE WHEN born_month < 1965 * 12 THEN 0 ELSE least(36, (born_month - 1965 * 12) // 4 + 1) END
           WHEN 55 THEN CASE WHEN born_month < 1970 * 12 THEN 0 ELSE least(36, (born_month - 1970 * 12) // 4 + 1) END
           ELSE CASE WHEN born_month < 1975 * 12 THEN 0 ELSE least(60, (born_month - 1975 * 12) // 2 + 1) END END AS delay,
         (born + to_months(("申请人.原法定退休年龄" * 12 + delay)::INTEGER))::DATE AS retires,
         issued >= born + INTERVAL 16 YEAR AS grown,
         grown AND issued < retires AS working_age,
         grown AND issued < CASE WHEN "申请人.性别" = '女' THEN greatest(retires, (born + INTERVAL 60 YEAR)::DATE) ELSE retires END
           AS care_age
  FROM "案件" c LEFT JOIN history h USING ("案件编号")
       LEFT JOIN standard s ON s.class = "证书.补贴类别" AND s.level = "证书.等级"
),
identities AS (
  SELECT *,
         working_age AND "获证时.与本市用人单位建立劳动关系" AND "获证时.参加本市城镇职工社会保险并缴费" AS employed,
         working_age AND CASE WHEN local THEN "获证时.灵活就业登记" OR "获证时.以灵活就业身份参加城镇职工社会保险"
                              ELSE "获证时.以灵活就业身份参加基本养老和医疗保险" END AS flexible,
         working_age AND local AND "获证时.残疾人" AS disabled,
         working_age AND local AND coalesce("获证时.退役日期" <= issued AND issued <= "获证时.退役日期" + INTERVAL 5 YEAR, false) AS veteran,
         working_age AND local AND "获证时.公示的就业困难人员" AS hardship,
         working_age AND "获证时.毕业学年" AND "获证时.在读院校" = '高等院校' AS college,
         working_age AND "获证时.毕业学年" AND "获证时.在读院校" = '中等职业学校' AS vocational,
         working_age AND local AND "获证时.未就业类别" <> '无' AS jobless,
         care_age AND "养老家政.岗位" <> '无' AND "证书.种类" = '职业技能等级证书' AND "证书.属养老护理或家政服务项目" AS carer
  FROM facts
),
conditions AS (
  SELECT *,
         coalesce("就业.获证起持续在沪就业至" >= after_6 AND applied >= after_6, false) AS employed_6,
         (greatest("养老家政.上岗日期", issued) + INTERVAL 6 MONTH)::DATE AS care_6,
         coalesce("养老家政.上岗日期" <= after_12 AND "养老家政.连续就业至" >= care_6 AND applied >= care_6, false) AS care_kept,
         "证书.等级" NOT IN ('五级', '不分等级') AS level_four,
         applied <= after_12 AS in_12, applied <= after_24 AS in_24,
         "证书.补贴类别" = '未列入' OR NOT "证书.随申办可查询" AS not_listed,
         "证书.职业编码" IN ('4-09-10-05', '4-03-02-07', '4-08-05-03', '4-03-02-08', '4-10-03-03', '4-10-03-01', '6-02-06-11', '4-03-02-09', '4-03-02-03', '4-03-02-04', '4-03-02-02', '4-12-02-01', '6-02-06-07') AND NOT (employed_now AND "就业.已提供技能岗位就业材料") AS annex_fails,
         "证书.取得方式" <> '职业技能评价' OR "获证时.任职" <> '其他' AS excluded,
         not_listed OR annex_fails OR repeated OR excluded OR in_year >= 3 AS barred,
         employed AND employed_6 AND in_12 AND NOT employed_in_year AS employed_ok,
         flexible AND in_12 AS flexible_ok, disabled AND in_12 AS disabled_ok, veteran AND in_12 AS veteran_ok,
         hardship AND in_12 AS hardship_ok, college AND level_four AND in_24 AS college_ok,
         vocational AND NOT had_vocational AND in_24 AS vocational_ok, jobless AND in_12 AS jobless_ok,
         carer AND care_kept AND in_24 AND NOT employed_in_year AS carer_ok,
         employed_ok OR flexible_ok OR disabled_ok OR veteran_ok OR hardship_ok OR college_ok OR vocational_ok OR jobless_ok OR carer_ok AS any_ok,
         employed OR flexible OR disabled OR veteran OR hardship OR college OR vocational OR jobless OR carer AS any_held,
         flexible OR disabled OR veteran OR hardship OR jobless AS simple_held
  FROM identities
),
reasons AS (
  SELECT *,
         applies AND any_ok AND NOT barred AS granted,
         list_filter([
           CASE WHEN NOT any_held THEN '一（一）' END,
           CASE WHEN not_listed THEN '一（二）' END,
           CASE WHEN NOT any_ok AND employed AND NOT employed_6 THEN '一（四）1' END,
           CASE WHEN NOT any_ok AND (college AND NOT level_four OR vocational AND had_vocational) THEN '一（四）3' END,
           CASE WHEN annex_fails THEN '一（四）6' END,
           CASE WHEN repeated THEN '一（四）7' END,
           CASE WHEN excluded THEN '一（四）8' END,
           CASE WHEN NOT any_ok AND carer AND NOT care_kept THEN '一（五）' END,
           CASE WHEN NOT any_ok AND ((employed OR simple_held) AND NOT in_12 OR (college OR vocational OR carer) AND NOT in_24) THEN '二（一）' END,
           CASE WHEN in_year >= 3 OR NOT any_ok AND (employed OR carer) AND employed_in_year THEN '五（三）' END
         ], lambda r: r IS NOT NULL) AS reason_list,
         list_filter([
           CASE WHEN employed_ok THEN '在职人员' END, CASE WHEN flexible_ok THEN '灵活就业人员' END, CASE WHEN disabled_ok THEN '残疾人' END,
           CASE WHEN veteran_ok THEN '退役士兵' END, CASE WHEN hardship_ok THEN '就业困难人员' END,
           CASE WHEN college_ok THEN '高校毕业学年学生' END, CASE WHEN vocational_ok THEN '中职毕业学年学生' END,
           CASE WHEN jobless_ok THEN '未就业人员' END, CASE WHEN carer_ok THEN '养老家政从业人员' END
         ], lambda i: i IS NOT NULL) AS choices
  FROM conditions
),
chosen AS (
  SELECT *,
         CASE WHEN NOT granted THEN NULL
              WHEN jobless_ok AND employed_now THEN '未就业人员'
              WHEN flexible_ok THEN '灵活就业人员'
              WHEN disabled_ok THEN '残疾人'
              WHEN veteran_ok THEN '退役士兵'
              WHEN hardship_ok THEN '就业困难人员'
              WHEN college_ok AND employed_now THEN '高校毕业学年学生'
              WHEN vocational_ok AND employed_now THEN '中职毕业学年学生'
              WHEN jobless_ok THEN '未就业人员'
              WHEN employed_ok THEN '在职人员'
              WHEN college_ok THEN '高校毕业学年学生'
              WHEN vocational_ok THEN '中职毕业学年学生'
              ELSE '养老家政从业人员' END AS identity,
         CASE WHEN identity IS NULL THEN NULL
              WHEN identity = '未就业人员' THEN CASE WHEN employed_now THEN 1.2 ELSE 1 END
              WHEN identity IN ('高校毕业学年学生', '中职毕业学年学生') THEN CASE WHEN employed_now THEN 1 ELSE 0.8 END
              WHEN identity IN ('在职人员', '养老家政从业人员') THEN 0.8
              ELSE 1 END::DECIMAL(9, 4) AS rate,
         CASE WHEN granted THEN (standard * rate)::DECIMAL(18, 2) END AS amount,
         round(amount * 0.5, 2)::DECIMAL(18, 2) AS city,
         CASE identity
              WHEN '在职人员' THEN ["获证时.用人单位社会保险关系所在区"]
              WHEN '高校毕业学年学生' THEN ["获证时.院校所在区"]
              WHEN '中职毕业学年学生' THEN ["获证时.院校所在区"]
              WHEN '养老家政从业人员' THEN ["养老家政.单位所在区"]
              WHEN '灵活就业人员' THEN ["获证时.灵活就业社会保险缴纳所在区",
                                   CASE WHEN home IS DISTINCT FROM "获证时.灵活就业社会保险缴纳所在区" THEN home END]
              ELSE [home] END AS districts
  FROM reasons
)
SELECT "案件编号", '已定' AS "状态",
       CASE WHEN NOT applies THEN '不适用本通知' WHEN granted THEN '可享受' ELSE '不可享受' END AS "结论",
       identity AS "享受身份",
       CASE WHEN granted THEN choices ELSE []::VARCHAR[] END AS "可选身份",
       CASE WHEN applies THEN standard END AS "补贴标准",
       rate AS "补贴比例",
       amount AS "补贴金额",
       CASE WHEN identity IN ('高校毕业学年学生', '中职毕业学年学生', '养老家政从业人员') THEN after_24
            WHEN granted THEN after_12 END AS "申请截止日",
       CASE WHEN NOT granted THEN []::VARCHAR[]
            WHEN "申请.渠道" = '区就业促进中心窗口' THEN ["申请.受理区"]
            ELSE list_filter(districts, lambda d: d IS NOT NULL) END AS "审核区",
       CASE WHEN granted THEN list_filter(districts, lambda d: d IS NOT NULL) ELSE []::VARCHAR[] END AS "承担区",
       city AS "市级承担",
       (amount - city)::DECIMAL(18, 2) AS "区级承担",
       CASE WHEN applies AND NOT granted THEN reason_list ELSE []::VARCHAR[] END AS "不可享受原因",
       []::VARCHAR[] AS "缺少", []::VARCHAR[] AS "错误",
  []::VARCHAR[] AS "未定"
FROM chosen
