# The first conversation: track, time, place
welcome =
    Hi{ $name }, I'm **Xueban**, your study buddy.

    I walk you through a deep-learning roadmap to its very end: one lesson a day, a few questions, one idea made clear in minutes. The road comes from a Chinese article that a great many people saved and few finished.

    Its first question is mine too: **how much time do you have?**
welcome-name = { " " }{ $name }
track-button = { $title }
other-language = 中文
ask-minutes =
    { "" }**{ $track }** it is.

    { $summary }

    On a study day, **how long would you like to study?**
minutes-button = { $minutes } min
ask-days = { $minutes } minutes a day. **Which days of the week?** On the others I leave you alone, and nothing breaks.
days-all = Every day
days-mon-sat = Mon–Sat
days-mon-fri = Mon–Fri
days-pick = Let me pick
pick-days = Tap a day to add it, tap again to drop it. Press “That's it” when you are done.
days-done = That's it
ask-zone = For you it is **{ $clock }** now ({ $zone }), right? If not, pick a city with your time, or just send me a city: “Madrid”, “UTC+8”.
ask-zone-unknown = **What time is it where you are?** Pick a city with your time, or just send me a city: “Madrid”, “UTC+8”.
zone-yes = Yes, { $clock }
zone-button = { $city } { $clock }
zone-type = Type a city
zone-title = Which city are you in?
zone-hint = a city, or something like UTC+8
ask-hour = **At what time shall I come?** That is when I bring the day's lesson. You can also send me a time, such as “21:15”.
hour-type = Another time
hour-title = At what time shall I come?
hour-hint = for example 21:15
zone-unknown = I don't know a place called “{ $typed }”. Send a large city (“Tokyo”), a zone (Asia/Tokyo) or an offset (UTC+9).
hour-unknown = “{ $typed }” does not look like a time. Send it on the 24-hour clock, such as 7:30 or 21:15.
truth =
    Agreed: **{ $track }**, { $days ->
        [one] one day
       *[other] { $days } days
    } a week, { $minutes } minutes a day, at { $hour }.

    - { $much }, { $week } minutes a week
    - at this pace you finish on { $finish } (a lesson is kept within one day where it fits)
truth-all = { $about } { $hours } hours of study in all
truth-left = { $about } { $hours } hours of study still ahead
truth-fits = The road promises { $promised } days, and your plan **fits**.
truth-late = The road promises { $promised } days; your plan takes **{ $late ->
        [one] one day
       *[other] { $late } days
    } more**. That is fine: finishing is what counts.
truth-fix = To be done in time it takes { $minutes } minutes a day.
truth-fix-days = To be done in time it takes { $minutes } minutes on every day of the week.
truth-fix-track = Even four hours on every day would not make it. “{ $track }” is the honest choice; what you have done still counts.
truth-fix-none = Even four hours on every day would not meet that date. So let it go, and walk to the end at your own pace.
fix-button = Make it { $minutes } min a day
about-word = About
exactly-word = Exactly
back-again = Welcome back{ $name }. Everything is where you left it; let's go on.
