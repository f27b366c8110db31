# 初次见面：选路线、时间、地方
welcome =
    你好{ $name }，我是**学伴**。

    我陪你把一条深度学习的路走到头：每天一课，几道题，几分钟讲透一个道理。路线出自那篇很多人收藏过的《深度学习如何入门？》。

    先回答文章里的第一个问题：**你有多少时间？**
welcome-name = ，{ $name }
track-button = { $title }
other-language = English
ask-minutes =
    好，**{ $track }**。

    { $summary }

    学习的日子里，**每天打算学多久？**
minutes-button = { $minutes } 分钟
ask-days = 每天 { $minutes } 分钟。**一周学哪几天？** 没排到的日子我不打扰，也不算断。
days-all = 每天
days-mon-sat = 周一到周六
days-mon-fri = 周一到周五
days-pick = 自己挑
pick-days = 点一下选上，再点一下取消。选好了按“就这样”。
days-done = 就这样
ask-zone = 你那里现在是 **{ $clock }**（{ $zone }），对吗？不对就挑一个同时区的城市，或者直接把城市名发给我，比如“成都”“Berlin”“UTC+8”。
ask-zone-unknown = **你那里现在几点？** 挑一个同时区的城市，或者直接把城市名发给我，比如“马德里”“UTC+8”。
zone-yes = 对，就是 { $clock }
zone-button = { $city } { $clock }
zone-type = 输入城市名
zone-title = 你在哪个城市？
zone-hint = 城市名，或 UTC+8 这样的写法
ask-hour = **每天几点叫你？** 到点我把当天的一课送来。也可以直接发时间给我，比如“21:15”。
hour-type = 自己定时间
hour-title = 每天几点叫你？
hour-hint = 比如 21:15
zone-unknown = 我不认识“{ $typed }”这个地方。发一个大城市的名字（比如“东京”）、时区名（比如 Asia/Tokyo）或者 UTC+9 都行。
hour-unknown = “{ $typed }”不像一个时间。请发 24 小时制的时间，比如 7:30 或 21:15。
truth =
    说定了：**{ $track }**，每周 { $days } 天、每天 { $minutes } 分钟，{ $hour } 见。

    - { $much }，每周 { $week } 分钟
    - 照这样学，{ $finish }学完（一课尽量在一天里学完，不拆开）
truth-all = 要学的一共{ $about } { $hours } 小时
truth-left = 还剩{ $about } { $hours } 小时
truth-fits = 这条路承诺 { $promised } 天，你的安排**装得下**。
truth-late = 这条路承诺 { $promised } 天，你的安排要**多 { $late } 天**。多花几天没关系，学完才算数。
truth-fix = 想按时走完，每天得学 { $minutes } 分钟。
truth-fix-days = 想按时走完，得天天学，每天 { $minutes } 分钟。
truth-fix-track = 天天学、每天四小时也赶不上。换成“{ $track }”会更踏实，学完的课照样算数。
truth-fix-none = 天天学、每天四小时也赶不上原来的期限。那就不赶，按自己的步子走到头。
fix-button = 改成每天 { $minutes } 分钟
about-word = 大约
exactly-word = 正好
back-again = 你回来了{ $name }。一切都在原处，我们接着走。
