# Settings and pauses
settings =
    ⚙️ **Your plan**

    - Track: { $track }
    - Branch: { $branch }
    - { $minutes } minutes a day
    - Study days: { $days }
    - I come at { $hour }
    - Time zone: { $zone } (now { $clock })

    Whatever you change, what you have learnt stays.
list-separator = { ", " }
branch-open = open (vision first)
set-track-button = Track
set-branch-button = Branch
set-minutes-button = Minutes a day
set-days-button = Study days
set-hour-button = Hour
set-zone-button = Time zone
set-language-button = 中文 / English
set-track = **Which road?** Lessons you have done stay done on every one of them.
set-minutes = **How long would you like to study on a study day?**
set-branch = **Which way?** Lessons you have done count in both.
set-language = Which language? / 用哪种语言？
language-set = English it is.
pause-button = Take a break
resume-button = Go on
ask-pause = How long? While you are away I stay silent, and your streak waits for you.
pause-days = { $days } days
pause-open = Until I return
paused-until = ⏸ Paused until { $until }. I will come back that day; press the button to return earlier.
paused-open = ⏸ Paused until you say go.
resumed = ▶️ On we go; everything is where you left it.
not-paused = You are not on a break; all goes on as usual.
bad-pause = Tell me for how many days, a number from 1 to 365, such as /pause 7.
settings-back = ‹ Back
