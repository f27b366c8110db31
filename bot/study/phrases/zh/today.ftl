# 每天的一课：卡片、题目、反馈
lesson-head = 📘 第 { $day } 站 / 共 { $of } 站 · **{ $title }**
lesson-head-extra = 📘 **{ $title }**
lesson-goal = 🎯 { $goal }
more-button = 接着看：例子和资料
reading = 📺 **{ $name }** · { $section } · { $minutes }
reading-short = 📺 **{ $name }** · { $section }
reading-link = - [{ $label }]({ $url })
reading-today = 今天在哪里找：{ $today }
reading-watch = 👀 留意：{ $watch }
minutes-exact = { $minutes } 分钟
minutes-about = 约 { $minutes } 分钟
practice =
    ✍️ **动手**（{ $minutes }）

    { $practice }
practice-bare = ✍️ **动手**：{ $minutes }
then-questions = 看完回来答几道题，这一课就算学完（题目约 { $minutes } 分钟）。
then-check = 学完这一节，回来点一下。
open-button = { $label } ↗
questions-button = 开始答题
done-button = 这一节我学完了
question-lesson = ❓ **题目**
question-recall = 🔁 **先回想一下** · { $title }
type-number = 直接把数字发给我，小数、分数、百分数都认。
answer-button = 写答案
answer-title = 你的答案
answer-hint = 一个数，比如 0.5 或 1/2
right = ✅ **{ $right }**。{ $reason }
wrong = 正确答案是 **{ $right }**。{ $reason }
your-answer = ❌ 你的回答是“{ $reply }”。{ $slip }
your-answer-plain = ❌ 你的回答是“{ $reply }”，对照上面的过程，看看是哪一步不一样。
reread = 📖 回看：{ $source }
reread-button = 重读这一课
answered-before = 这道题你答过了，以第一次为准。
not-a-number = “{ $typed }”我没读出数来。发一个数就好，比如 0.5、1/2 或 50%，题目还开着。
question-gone = 这个按钮太旧了，对应的题已经找不到。看看今天的内容吧。
question-withdrawn = 这道题已经撤下，不计分。看看今天的内容吧。
not-yours = 这道题是发给别人的。发 /today，我给你出你的题。
today-button = 今天的内容
lesson-done = 🎉 **{ $title }** 学完了。
explain-button = 用一句话讲讲
explain = ✏️ { $prompt }

    先在心里（或者对着朋友）说一遍，再看参考说法。
explain-show = 看参考说法
explain-model =
    ✏️ { $prompt }

    > { $model }

    跟你说的差在哪儿？差的那一点，就是今天最值得记住的。
next-today = 今天还排了一课：**{ $title }**。
next-button = 下一课
see-you = { $when } 见。
when = { $day }{ $clock }
when-today = 今天 { $clock }
when-tomorrow = 明天 { $clock }
enough-today =
    今天的份已经学完，漂亮。

    下一课是 **{ $next }**。
go-on-button = 还想学，再来一课
rest-day = 🌿 今天是路线上的休息日，什么都不用做。让学过的东西沉一沉，明天见。
road-done = 🏁 **{ $track }** 你已经走到头了。这条路上的每一课都有你的脚印。
push-hello = 今天的一课来了。
push-hello-1 = 到点了，今天的一课在这儿。
push-hello-2 = 我来了，今天学一点新的。
push-hello-3 = 泡杯茶，今天的一课准备好了。
push-again = 上次那一课还等着你。
push-again-1 = 上次停在这里，接着走就好。
push-again-2 = 不急，先学五分钟也算数。
away = 前一阵我这边出了故障，没能按时来。中间的不补，从今天这一课接着走。
still-open = 上次没学完，从哪儿接都行。
from-the-top-button = 从头看
reading-button = 看例子和资料
