# The day's lesson: cards, questions, feedback
lesson-head = 📘 Stop { $day } of { $of } · **{ $title }**
lesson-head-extra = 📘 **{ $title }**
lesson-goal = 🎯 { $goal }
more-button = Go on: example and reading
reading = 📺 **{ $name }** · { $section } · { $minutes }
reading-short = 📺 **{ $name }** · { $section }
reading-link = - [{ $label }]({ $url })
reading-today = Where it is today: { $today }
reading-watch = 👀 Watch for: { $watch }
minutes-exact = { $minutes } min
minutes-about = about { $minutes } min
practice =
    ✍️ **Your turn** ({ $minutes })

    { $practice }
practice-bare = ✍️ **Practice**: { $minutes }
then-questions = Then come back for a few questions; answering them completes the lesson (about { $minutes } minutes).
then-check = When you are through with this section, come back and press the button.
open-button = { $label } ↗
questions-button = Start the questions
done-button = I worked through it
question-lesson = ❓ **Question**
question-recall = 🔁 **First, from memory** · { $title }
type-number = Just send me the number: decimals, fractions and percentages all work.
answer-button = Type your answer
answer-title = Your answer
answer-hint = a number, such as 0.5 or 1/2
right = ✅ **{ $right }**. { $reason }
wrong = The right answer is **{ $right }**. { $reason }
your-answer = ❌ You answered “{ $reply }”. { $slip }
your-answer-plain = ❌ You answered “{ $reply }”. Hold your steps against those above and find the one that differs.
reread = 📖 Reread: { $source }
reread-button = Reread the lesson
answered-before = You answered this one before; your first answer counts.
not-a-number = I could not read “{ $typed }” as a number. Send one such as 0.5, 1/2 or 50%; the question is still open.
question-gone = This button is too old: its question is gone. Have a look at today instead.
question-withdrawn = This question was withdrawn and does not count. Have a look at today instead.
not-yours = This question was put to someone else. Send /today and I will ask you yours.
today-button = Today
lesson-done = 🎉 **{ $title }**: done.
explain-button = Say it in one line
explain = ✏️ { $prompt }

    Say it first, in your head or to a friend; then compare.
explain-show = Show a good answer
explain-model =
    ✏️ { $prompt }

    > { $model }

    Where does yours differ? That difference is today's best find.
next-today = Also planned for today: **{ $title }**.
next-button = Next lesson
see-you = See you { $when }.
when = on { $day } at { $clock }
when-today = today at { $clock }
when-tomorrow = tomorrow at { $clock }
enough-today =
    Today's share is done. Well played.

    Next comes **{ $next }**.
go-on-button = One more lesson
rest-day = 🌿 Today the road rests, and so may you. Let things settle; see you tomorrow.
road-done = 🏁 You have walked **{ $track }** to its end. Every lesson of it carries your footprint.
push-hello = Here is today's lesson.
push-hello-1 = It is time: today's lesson.
push-hello-2 = Hello again. Something new for today.
push-hello-3 = Get yourself a cup of tea; today's lesson is ready.
push-again = The last lesson is waiting for you.
push-again-1 = This is where you stopped; let us go on from here.
push-again-2 = No hurry: five minutes of it count, too.
away = I was out of order for a while and could not come. Nothing to catch up on: we go on with today's lesson.
still-open = You began this one already; pick it up wherever you like.
from-the-top-button = From the top
reading-button = Example and reading
