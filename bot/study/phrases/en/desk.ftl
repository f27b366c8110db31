# Help, about, and when something makes no sense
help =
    🙋 **What I can do**

    { $commands }

    Answer by pressing an option or by sending your answer. When in doubt: /today.
help-row = /{ $name } — { $description }
about =
    { "" }**Xueban** (学伴, “study companion”) walks you along the road of the Chinese article 《深度学习如何入门？》, “How to get started with deep learning”.

    The road is that of { $article }. Every explanation, example and question here is our own; the courses, books and videos are the work of these people:

    { $credits }

    Xueban { $version } · open source, MIT licence
about-article = an article of the QbitAI column (translated and edited by 问耕), after the original by Masum Hasan
credit = { $name }: { $credit }
unknown-command = There is no command /{ $name }. Try /today, /progress or /help.
nothing-open = I am not waiting for an answer right now. Send /today to study, or /help to see what I can do.
too-long = That is more than I can take in at once. Please send something shorter; an answer is usually a word or a number.
empty-text = I can only read text and buttons. Send /today to begin.
old-button = This button is out of date. Send /today to see today's lesson.
in-group = Let us study in private: press the button, I am waiting there.
in-group-plain = Let us study in private: send me a direct message.
open-private = Open the private chat
our-fault = Something broke on my side. It is written down, and none of your progress is lost. Try again in a moment, or send /today.
bot-description =
    I walk you through a deep-learning roadmap to its last day: one lesson a day, a few questions, every answer explained at once. In English and Chinese.

    Send /start to begin.
bot-short-description = A study buddy for the deep-learning road: one lesson and a few questions a day, to the last day.
