# 设置、暂停
settings =
    ⚙️ **你的安排**

    - 路线：{ $track }
    - 方向：{ $branch }
    - 每天 { $minutes } 分钟
    - 学习日：{ $days }
    - 每天 { $hour } 叫你
    - 时区：{ $zone }（现在 { $clock }）

    改哪一样都不影响已经学完的内容。
list-separator = 、
branch-open = 还没定（先按视觉走）
set-track-button = 换路线
set-branch-button = 换方向
set-minutes-button = 每天多久
set-days-button = 学习日
set-hour-button = 几点叫我
set-zone-button = 时区
set-language-button = English / 中文
set-track = **走哪条路？** 换了路，学完的课照样算数。
set-minutes = **每天打算学多久？**
set-branch = **往哪个方向走？** 学完的课两边都算。
set-language = 用哪种语言？ / Which language?
language-set = 好，接下来说中文。
pause-button = 暂停一阵
resume-button = 接着学
ask-pause = 歇多久？暂停期间我不来打扰，连续天数也替你留着。
pause-days = { $days } 天
pause-open = 等我回来
paused-until = ⏸ 暂停到 { $until }。那天我再来；想早点回来，按下面的“接着学”。
paused-open = ⏸ 暂停了，一直到你说接着学。
resumed = ▶️ 接着走，一切都在原处。
not-paused = 你没有暂停，每天照常。
bad-pause = 请告诉我暂停几天，1 到 365 之间的一个数，比如 /pause 7。
settings-back = ‹ 返回
