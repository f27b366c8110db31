# 帮助、关于、听不懂的时候
help =
    🙋 **我能做什么**

    { $commands }

    题目直接点选项，或者把答案发给我。有事没事发个 /today 就对了。
help-row = /{ $name } — { $description }
about =
    { "" }**学伴**陪你走完《深度学习如何入门？》这篇文章给出的路线。

    路线出自{ $article }。每一课的讲解、例子和题目都是我们自己写的；课程、书和视频是这些人的功劳：

    { $credits }

    学伴 { $version } · 开源软件，MIT 许可
about-article = 量子位专栏的文章（问耕编译），原文作者 Masum Hasan
credit = { $name }：{ $credit }
unknown-command = 没有 /{ $name } 这个命令。常用的是 /today、/progress 和 /help。
nothing-open = 我现在没有在等你的答案。想学就发 /today，想看都能做什么就发 /help。
too-long = 这条太长了，我读到一半就晕了。请发短一点，答案一般几个字就够。
empty-text = 我只看得懂文字和按钮。发 /today 开始今天的内容吧。
old-button = 这个按钮过期了。发 /today 看今天的内容。
in-group = 学习的事我们私下聊：点下面的按钮，我在那边等你。
in-group-plain = 学习的事我们私下聊：给我发私信就行。
open-private = 打开私聊
our-fault = 我这边出了点错，已经记下来了，你的进度没有丢。过会儿再试试，或者发 /today。
bot-description =
    我陪你把一条深度学习的路走到头：每天一课，几道题，答完马上讲清楚。中文、英文都行。

    发 /start 开始。路线出自《深度学习如何入门？》。
bot-short-description = 深度学习路线的学习伙伴：每天一课、几道题，陪你走到最后一天。
