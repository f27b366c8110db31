# Where am I: progress, the road, the resources
progress-head = 📊 **{ $track }**
progress-part =
    { $title }
    { $bar } { $done } of { $of }
progress-lessons = ✅ { $done } of { $of } lessons done, { $percent }% of the road by time
progress-skipped = ⏭ { $skipped } skipped, not counted as done
progress-days = 📅 { $studied } { $studied ->
        [one] day
       *[other] days
    } studied, { $planned } planned so far
progress-streak = 🔥 { $streak } { $streak ->
        [one] day
       *[other] days
    } in a row
progress-finish = 🏁 By your plan you finish on { $finish }
progress-finish-about = 🏁 By your plan you finish around { $finish }
progress-pace = 🐾 At your present pace: { $finish }
progress-finished = 🏁 The whole road is behind you
roadmap-button = The road
road-head = 🗺 **{ $track }**
road-here = 📍 You are here: **{ $title }**
go-button = Go on
road-button = The road
part-head = 🗺 **{ $title }** ({ $page }/{ $pages })
part-legend = ✅ done   📍 here   ⏭ skipped   ▫️ ahead. Press a number to see that lesson.
page-back = ‹ Back
page-on = Next ›
view-head = { $mark } **{ $title }** · { $minutes }
view-open = Open this lesson
view-skip = Skip
view-unskip = Put it back
view-back = ‹ Back
skipped = ⏭ **{ $title }** is skipped. It does not count as done; put it back whenever you like.
unskipped = **{ $title }** is back on your road.
no-lesson = There is no such lesson. /roadmap shows them all.
resources-head = 📚 **Everything the article names** ({ $page }/{ $pages })
resource = **{ $name }** — { $role }
resource-note = { $note } (checked { $checked })
