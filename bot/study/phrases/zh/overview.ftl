# 走到哪儿了：进度、路线图、资料
progress-head = 📊 **{ $track }**
progress-part =
    { $title }
    { $bar } { $done }/{ $of } 课
progress-lessons = ✅ 学完 { $done } 课，共 { $of } 课，按时间算走了 { $percent }%
progress-skipped = ⏭ 跳过 { $skipped } 课，不算学完
progress-days = 📅 学了 { $studied } 天，计划里到今天是 { $planned } 天
progress-streak = 🔥 连续 { $streak } 天
progress-finish = 🏁 照计划走，{ $finish }学完
progress-finish-about = 🏁 照计划走，大约 { $finish }学完
progress-pace = 🐾 照你现在的步子，{ $finish }学完
progress-finished = 🏁 全程走完了
roadmap-button = 路线图
road-head = 🗺 **{ $track }**
road-here = 📍 你在这里：**{ $title }**
go-button = 接着学
road-button = 路线图
part-head = 🗺 **{ $title }**（{ $page }/{ $pages }）
part-legend = ✅ 学完　📍 在这里　⏭ 跳过　▫️ 还没到。点数字看那一课。
page-back = ‹ 上一页
page-on = 下一页 ›
view-head = { $mark } **{ $title }** · { $minutes }
view-open = 打开这一课
view-skip = 跳过
view-unskip = 不跳了，放回来
view-back = ‹ 返回
skipped = ⏭ 跳过了 **{ $title }**。它不会算进学完的进度，想学时随时放回来。
unskipped = **{ $title }** 放回路上了。
no-lesson = 没有这一课。用 /roadmap 看看都有哪些。
resources-head = 📚 **文章里的全部资料**（{ $page }/{ $pages }）
resource = **{ $name }** — { $role }
resource-note = { $note }（{ $checked } 核对）
