package demo

// today is Monday 23 November and the night to Tuesday, until 08:20 in Berlin:
// the proposal opens, the direction changes twice, and São Paulo is without
// arrivals for 48 minutes.
func today() []act {
	return []act{
		{
			At: "2026-11-23 09:15", By: "elif", Do: "update", Ref: "izmir-24", Team: "operators",
			Readers: []string{"kenji", "deniz", "caio"},
			Point:   "Tomorrow is İzmir’s day: their new timetable comes at 14:00 Istanbul time, and they review our test server at 15:00.",
			Body: `What they will do in the review, in their words: open ten stops of their choice and compare with the paper.

- **Before 14:00:** the test server runs the branch that will go live. Kenji.
- **14:00 to 15:00:** the file arrives and is imported. If it takes longer than the hour, I tell them so, and they start with last winter’s.
- **15:00:** Deniz and I are there. Nobody else has to be.

If ten of ten agree, “at risk” comes off the list. **Owner:** Elif.`,
		},
		{
			At: "2026-11-23 09:45", By: "jonas", Do: "update", Ref: "norm-72-on", Team: "meridian",
			Point: "Large decisions stay open for 72 hours from Monday 30 November. What is open now keeps its 48.",
			Body: `**From:** 48 h in each reader’s own working days. **To:** 72 h, if the decision is large.

**Why:** four of nine large decisions this autumn met their first objection after the close ({norm-72}).

**What changed since the proposal:** a reader may say “this is large” within the first day, and then it is. That was Maya’s objection, and it makes
it better.

**For you:** nothing to do. Looked at again in March.`,
		},
		{
			At: "2026-11-23 10:35", By: "jonas", Do: "request", Ref: "log-proposal", Team: "trip-store",
			To:      []string{"lena", "caio", "deniz", "kenji"},
			Readers: []string{"maya"},
			Point: "Store trip updates as an append-only log with a daily snapshot, and drop compaction. Does anything you run read compacted files? Please say so by " +
				"Tuesday 1 December, 20:00 Berlin time.",
			Body: `It costs 38 GB more disk a month and removes the job that has stopped our writers twice this autumn.

**Context.** 2,100 trip updates a second come in on a weekday morning. Since March we rewrite each trip in place and compact the files at 02:00 UTC. In
September and October a run held the writers for more than ten minutes.

| option | writers held | disk a month | work | way back |
|---|---|---|---|---|
| A. As now: in place, nightly | up to 48 min | 0 | 0 | none needed |
| **B. Append-only, daily snapshot** | never | 38 GB | 6 days | replay, about a day |
| C. In place, hourly, throttled | up to 4 min, hourly | 0 | 4 days | switch off |

Measured in {replay-thursday}.

**Recommendation:** B. 38 GB are about three euros. Reads that matter go through a snapshot written once a day, at midnight UTC. Lena’s trip
schema is used as it is; only the scheduler is left out.

**Owner:** I build it, Deniz reads the code. **Maya decides** after the close. **From:** Monday 7 December. **Reviewed:** 1 March against one figure,
minutes in which a writer was held.`,
		},
		{
			At: "2026-11-23 10:50", By: "jonas", Do: "ask", Ref: "log-close", Team: "trip-store",
			To: []string{"maya"}, Term: "24h",
			Point: "Can you decide on the append-only log on Wednesday 2 December?",
			Body: `The proposal is {log-proposal}, four minutes to read. You are back on Wednesday, then two holidays; so 1 December, 11:00 your time, is the first
moment at which you will have had two working days for it. I set the close there and not earlier.`,
		},
		{
			At: "2026-11-23 11:25", By: "lena", Do: "ask", Ref: "izmir-language", Team: "trip-store",
			To: []string{"kenji"}, Term: "24h",
			Point: "Does İzmir’s file say in which language a headsign is, or only that there are two?",
			Body: `I am putting headsigns into the table beside the trips, as Deniz asked. If the language is named, I take it. If not, I take the first as Turkish
and want that written down as a rule for İzmir, not as a guess in code.`,
		},
		{
			At: "2026-11-23 10:25", By: "caio", Do: "ask", Ref: "boards-promise", Team: "operators",
			To: []string{"elif"}, Term: "24h",
			Point: "May I tell İzmir’s press office “38 boards on the first day, 41 by Friday”?",
			Body:  `They write their announcement on Wednesday. It is the sentence of your launch page, {izmir-launch}; I only want your yes before it is printed.`,
		},
		{
			At: "2026-11-23 16:35", By: "elif", Do: "ask", Ref: "riders-days", Team: "operators",
			To: []string{"ana"}, Term: "24h",
			Point: "On which two mornings shall the riders in İzmir be asked, and who writes down the answers?",
		},
		{
			At: "2026-11-23 17:25", By: "deniz", Do: "comment", On: "log-proposal",
			Body: `The disk is fine. The morning report is not: it reads compacted files at 06:00 in Istanbul. With a snapshot at midnight UTC it would miss three
hours of trips. Could the snapshot run at 03:00 UTC?`,
		},
		{
			At: "2026-11-23 11:30", By: "ana", Do: "answer", On: "riders-days",
			Body: `Wednesday and Thursday this week, 07:30 to 08:30, at Konak. Selin’s niece asks and writes down word for word, in Turkish; Deniz translates in the
afternoon. The sheet is ready, with your “aşağı yukarı” as a fourth question.`,
		},
		{
			At: "2026-11-23 16:10", By: "jonas", Do: "comment", On: "log-proposal",
			Body: `Yes, the hour is free to choose. 03:00 UTC it is, 06:00 in Istanbul; the snapshot takes two minutes, so the report starts at 06:05. I change the text.`,
		},
		{
			At: "2026-11-23 18:20", By: "deniz", Do: "comment", On: "log-proposal",
			Body: `Settled for the report: the snapshot at 03:00 UTC. The operator in Bursa agrees to 06:05, I asked them on the telephone. With that, I agree.`,
		},
		{
			At: "2026-11-23 18:25", By: "deniz", Do: "ask", Ref: "halkapinar", Team: "trip-store",
			To: []string{"kenji"}, Term: "24h",
			Point: "Which codes does your importer write for the three stops at Halkapınar: old, new, or both?",
			Body:  `They are the last three of {stop-codes} without a pair. The stop is rebuilt, and the map shows neither.`,
		},
		{
			At: "2026-11-23 17:40", By: "jonas", Do: "update", Ref: "replay-four", Team: "trip-store",
			Readers: []string{"lena", "kenji", "deniz"},
			Point:   "The replay of one whole day took four minutes, of the largest store. A week is next, so that “the way back” becomes a number.",
			Body: `It was seven minutes last Monday. The difference: segments are opened ahead of time, while the ones before are written.

A month may be slower than thirty times a day, because the disk is then no longer warm. That is why I do not multiply and measure a week, on
Wednesday. The number goes into the proposal before noon.`,
		},
		{
			At: "2026-11-23 17:50", By: "jonas", Do: "ask", Ref: "disk-borrow", Team: "trip-store",
			To: []string{"priya"}, Term: "24h",
			Point: "May I use 260 GB on the test machine until Friday 4 December?",
			Body:  `For the replay of a week. It has 400 GB free; what I borrowed before (110 GB) is in it. If somebody else needs the space, a smaller week will do.`,
		},
		{
			At: "2026-11-23 18:15", By: "lena", Do: "update", Ref: "lena-monday", Team: "trip-store",
			Readers: []string{"kenji", "jonas"},
			Point:   "The part that both ways need is in: trips without stops, and headsigns by language. The compaction branch lies still from tonight.",
			Body: `Sixteen hours are in that branch since Thursday, and I would keep three quarters of them under either option. What can be dropped is
{{store/schedule}}, if the log is chosen; it stands alone and nothing calls it.

Half done: nothing. Tests are green on all 14 feeds.

Tomorrow: reading Jonas’s proposal first, then İzmir with whatever Kenji needs.`,
		},
		{
			At: "2026-11-23 09:45", By: "kenji", Do: "answer", On: "izmir-language",
			Body: `It says so, in a file of its own: {{translations.txt}}, columns {{field_value}}, {{language}}, {{translation}}. 1,906 of 1,911 headsigns have both
languages. The five without are depot runs, which no rider sees.

So no rule for İzmir is needed. For Bursa it is: their file has two headsigns and no language.`,
		},
		{
			At: "2026-11-23 10:05", By: "kenji", Do: "comment", On: "log-proposal",
			Body: `I would keep C on the table until we know what a replay costs. If replaying one week takes more than an hour, B cannot be undone in practice.`,
		},
		{
			At: "2026-11-23 10:20", By: "kenji", Do: "asktime", On: "halkapinar", Term: "2026-11-25",
			Body: `The answer is in the file that they send tomorrow. From last winter’s I could only guess.`,
		},
		{
			At: "2026-11-23 15:30", By: "ana", Do: "update", Ref: "about-eleven", Team: "meridian",
			Readers: []string{"elif", "maya"},
			Point:   "Eleven riders of eleven understand “about 6 min”. The wording stays. What boards lack is a way to know when to say it.",
			Body: `Ten said “between five and eight” or close to it. The eleventh, who is blind, hears it, and said: “good, then I do not hurry”.

| would you buy a coffee? | “6 min” | “about 6 min” |
|---|---:|---:|
| yes | 4 | 7 |
| no | 7 | 4 |

So the word does not make people anxious. Riders forgive a late tram more easily than a wrong minute.

What I learned beside the question: the 90 seconds mean nothing to anybody. A tram that was exact all week is “about” because of one slow radio message,
and one that is wrong every day is not.

**Finished:** the test, except for two riders in İzmir this week. **Owner:** Ana.`,
		},
		{
			At: "2026-11-23 10:40", By: "kenji", Do: "comment", On: "v1-freeze",
			Body: `@lena, twelve months, not six. You are right about the spring works: two operators would have had four weeks to change 90 boards. Cost of the longer time:
about half a day a month. I have changed the recommendation; everything else stands.`,
		},
		{
			At: "2026-11-23 10:50", By: "kenji", Do: "ask", Ref: "hospital", Team: "meridian",
			To: []string{"ana"}, Term: "24h",
			Point: "What does the screen in the hospital at Pinheiros show when a field is missing: nothing, a wrong time, or an error?",
			Body: `You offered to look ({v1-start}, your comment of the 9th). It is the only client of v1 that none of us has seen. One photo would do. It decides nothing
about the freeze, but something about how we announce it.`,
		},
		{
			At: "2026-11-23 11:15", By: "priya", Do: "ask", Ref: "rehearsal", Team: "trip-store",
			To: []string{"deniz"}, Term: "eow",
			Point: "Which morning suits you for the rehearsal of “a store refuses writes”: Wednesday 2 or Thursday 3 December?",
			Body:  `Forty minutes at 10:30 your time, on the test server, with me reading along afterwards and not live. You follow the page, write down where it is wrong, and mend it.`,
		},
		{
			At: "2026-11-23 16:40", By: "caio", Do: "comment", On: "log-proposal",
			Body: `Nothing that I run reads compacted files. A suggestion for the text: where it says that the writers were held, add what it was outside: “and operators
called us, forty-one times in two nights”. It is the figure that operators remember.`,
		},
		{
			At: "2026-11-23 16:50", By: "caio", Do: "comment", On: "izmir-launch",
			Body: `Opening hours corrected: the desk at Konak is open from 07:30 to 19:30, Sundays from 09:00. Confirmed by Selin Arslan in writing.`,
		},
		{
			At: "2026-11-23 17:20", By: "ana", Do: "ask", Ref: "confidence", Team: "trip-store",
			To: []string{"lena"}, Term: "24h",
			Point: "Can each arrival time carry a confidence? Yes or no and a field name is enough.",
			Body: `The riders understand the word ({about-eleven}); the boards use it by a rule of thumb. If the store knows how sure an arrival is, the board can say “about”
when it is true.

I do not need it this year. I need to know whether to plan the next test with it or without.`,
		},
		{
			At: "2026-11-23 12:40", By: "kenji", Do: "update", Ref: "hourly", Team: "trip-store",
			Readers: []string{"lena", "jonas", "priya"},
			Point:   "Compaction runs every hour from now on, instead of nightly at 02:00 UTC. It keeps the files small before İzmir’s timetable tomorrow.",
			Body: `**From:** once a night. **To:** at 20 minutes past each hour, on all stores, the first run at 21:20 UTC.

**Why:** İzmir’s import touches every part. A night’s worth of changes on top of it would be one long run in their morning; an hour’s worth is short. Tried on
the test server since Friday, longest hold 40 s.

**For you:** nothing. Lena, your scheduler is not part of this; it is one line in the settings, and I take it out again when {log-proposal} is decided.

**Not tested:** an hourly run that meets an import in a large store.`,
		},
		{
			At: "2026-11-23 13:15", By: "kenji", Do: "ask", Ref: "izmir-branches", Team: "trip-store",
			To: []string{"lena"}, Term: "4wh",
			Urgent: "the review is at 15:00 in Istanbul and the wrong branch is still the default.",
			Point:  "Which of the two İzmir branches may I delete before the operator’s review?",
			Body: `I would delete {{izmir-flat}} and make {{izmir-schema}} the default. What stops me: your two commits of today (headsigns, trips without stops) are on
{{izmir-flat}} only.

- **Meant for both?** Then say “flat”. Deniz moves them over, 20 minutes, and deletes {{izmir-flat}}.
- **Meant for flat only?** Then say “neither”, and the review sees last week’s headsigns. That would not be a disaster.

The import at 14:00 goes into both, so nothing is lost if you answer at noon. Deniz has the commands and needs one word from you. I am asleep when you
read this.`,
		},
		{
			At: "2026-11-23 16:22", By: "priya", Do: "crisis", Ref: "sao-paulo", Team: "meridian",
			To:    []string{"kenji"},
			Point: "São Paulo’s operator cannot read arrival times. Every writer of its store has been waiting since 21:21 there.",
			Body: `About 30,000 riders an hour use its boards and its app at this time of the evening. Its control room cannot see which buses are late and sends no
replacements. I need somebody who can stop a compaction run safely.`,
		},
		{
			At: "2026-11-23 16:24", By: "kenji", Do: "have-it", On: "sao-paulo",
			Body: `I have it. It is the 16:20 run of the hourly compaction that I switched on today. I am stopping it.`,
		},
		{
			At: "2026-11-23 16:33", By: "kenji", Do: "crisis-note", On: "sao-paulo",
			Body: `The run met a timetable import that São Paulo began at 21:10. It holds all parts until it is through, 4 of 31 done. The stop is accepted only between two
parts. Killing it would leave a part half rewritten; I do not do that before I have a copy of it. Copying, about ten minutes.`,
		},
		{
			At: "2026-11-23 16:41", By: "priya", Do: "crisis-note", On: "sao-paulo",
			Body: `Spoke with the control room. Their boards fell back to the timetable after three minutes and say so, which is Deniz’s work of last week. The app shows
“no current times”. They ask for one message when it is over, nothing before.`,
		},
		{
			At: "2026-11-23 16:54", By: "kenji", Do: "crisis-note", On: "sao-paulo",
			Body: `Copy done and compared. The run is killed, part 9 is being put back from the copy. Updates wait in the queue; none is lost, the oldest is from 21:21.`,
		},
		{
			At: "2026-11-23 17:05", By: "kenji", Do: "update", Ref: "compaction-off", Team: "trip-store",
			Readers: []string{"lena", "jonas", "deniz"},
			Point:   "Compaction is off on all stores, hourly and nightly, until the append-only log is decided.",
			Body: `**From:** every hour, since 12:40 today ({hourly}). **To:** no compaction at all.

**Why:** the 16:20 run met an evening import in São Paulo and held every writer ({sao-paulo}). I had written “not tested” beside exactly that case
and switched it on all the same. The right order was the other one.

**What it costs:** the files grow by 1.3 GB a day over all stores. That is room for months; reads get slower by a few per cent a week.

**For you:**

- Lena: your hours on the compaction branch are not lost. The trip schema in it is the base of options A and B. Pause the scheduling part; there is nothing
  to revert.
- Jonas: your table in {log-proposal} now has a real night in row A.
- Deniz: the morning report reads uncompacted files from today. It should not notice; please look at it once.

**Starts:** now, as a stop-gap. {log-proposal} decides, and stays open until 1 December.`,
		},
		{
			At: "2026-11-23 17:10", By: "priya", Do: "end-crisis", On: "sao-paulo",
			Body: `It is over: arrivals are back on all boards and in the app since 22:10 there, 48 minutes after the first complaint. The queue is read, no update was
lost. The control room has its message. Compaction is off everywhere, so it cannot come again tonight.`,
		},
		{
			At: "2026-11-23 17:25", By: "priya", Do: "ask", Ref: "sao-paulo-letter", Team: "operators",
			To: []string{"caio"}, Term: "eod",
			Point: "Will you write to São Paulo’s operator today, with what happened and what we changed?",
			Body: `What you may say, all of it checked:

- from 21:22 to 22:10 on Monday no arrival could be read
- the cause was ours: a job of ours met their import
- that job is off, on all stores, until a better way is decided
- no data was lost

They were calm and precise on the telephone, so a short letter suits them.`,
		},
		{
			At: "2026-11-23 17:35", By: "priya", Do: "ask", Ref: "replay-48", Team: "trip-store",
			To: []string{"jonas"}, Term: "24h",
			Point: "Can you replay São Paulo’s Monday evening, 21:00 to 22:30, under the log and under compaction by parts?",
			Body: `For the review of {sao-paulo}, which I write on Wednesday. It is the real case of what you measured on the 19th: an import and a run at the same time. The raw feed is kept until
Sunday.`,
		},
		{
			At: "2026-11-23 18:00", By: "priya", Do: "update", Ref: "handover-24", Team: "meridian",
			To:      []string{"lena", "jonas", "deniz", "elif"},
			Readers: []string{"caio", "ana"},
			Point:   "Handover, San Francisco to Berlin and Istanbul: arrivals are back and steady since 02:10 Berlin time. Nothing is half done.",
			Body: `**State.** All 14 feeds arrive. Compaction is off on all stores ({compaction-off}). The branch that Lena left is as she left it.

**Risky today.** İzmir sends its new timetable at 14:00 their time, and we have not seen one of theirs this large. If the import goes on past 15:00, last winter’s
is still in place, and nothing breaks.

**Asks.** One word from Lena about the branches ({izmir-branches}); Deniz does the rest.

**Not needed.** Nobody was woken in the night and nobody has to make up for it. Kenji and I start an hour later on Tuesday.`,
		},
		{
			At: "2026-11-24 09:10", By: "elif", Do: "ask", Ref: "report-figures", Team: "operators",
			To: []string{"lena"}, Term: "eow",
			Point: "Name the two figures you want in the operators’ monthly report.",
			Body: `It has room for five, one page, first issue in December. Caio and Priya have named theirs: answers within a day, minutes in which a writer was held, fares
held. Two are for the store. By Friday is early enough, and one line with each on what it means is all I need.`,
		},
		{
			At: "2026-11-24 09:25", By: "elif", Do: "comment", On: "compaction-off",
			Body: `Thank you for the order of the night, @priya and @kenji, and for the sentence about the right order. I keep İzmir’s review as it is: nothing of this touches
their test server.`,
		},
		{
			At: "2026-11-24 10:05", By: "deniz", Do: "comment", On: "compaction-off",
			Body: `Looked at: the morning report was written at 06:03 from uncompacted files. It is complete, and 40 seconds slower than yesterday. Bursa has it on paper.`,
		},
		{
			At: "2026-11-24 10:15", By: "deniz", Do: "comment", On: "izmir-24",
			Body: `I have the commands for the branches, tried on a copy. From Lena’s word I need 20 minutes, so until 14:35 here it is early enough. Without one I leave everything as
it is, and the review sees last week’s headsigns.`,
		},
	}
}
