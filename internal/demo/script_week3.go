package demo

// week3 is Monday 16 to Sunday 22 November: İzmir's timetable turns out to be
// large, the log is measured beside compaction, and v1's freeze is proposed.
func week3() []act {
	return []act{
		{
			At: "2026-11-16 10:20", By: "deniz", Do: "answer", On: "schema-review",
			Body: `I read it twice, and once against all 14 operators’ feeds. Two findings:

1. Bay ferries have trips without stops (a boat that only repositions). {{stops}} may not be empty today; they would be refused.
2. {{headsign}} is one text. İzmir and Bursa send two, Turkish and English. A second column, or a table beside; I would take the table.

Jonas’s {{state}} and Kenji’s 32 have my vote as well. I would regret nothing else.`,
		},
		{
			At: "2026-11-16 10:20", By: "jonas", Do: "update", Ref: "replay-weekday", Team: "trip-store",
			Point: "A whole weekday replays in seven minutes, Tuesday 10 November in Bursa, equal to the backup. Next is the bad night of 7 October.",
			Body: `14.8 million updates in, and the store afterwards is the same.

It writes to any store that speaks our interface. So far that is the one in force. I have a second, very small one on my disk that only
appends; it is 200 lines and there to prove that the tool does not care.

**Next:** 7 October, by Wednesday. Then the tool belongs to everybody: {{replay --feed bursa --day 2026-11-10}}.`,
		},
		{
			At: "2026-11-16 12:45", By: "deniz", Do: "update", Ref: "fare-live", Team: "trip-store",
			Readers: []string{"priya", "caio"},
			Point:   "The fare check holds files since 10:00. Today: 14 files, all of them passed. Caio, this is the line that you promised to Porto.",
			Body: `Lena’s remark is in: the report now says “zone Z4 had a fare yesterday and has none today”.

What is not covered: a file in which every fare is wrong by the same small amount, a typing error of a few per cent. I know of no rule that
finds that without crying wolf each January. The operator’s own eyes remain the check for it; the letter says so.`,
		},
		{
			At: "2026-11-16 11:30", By: "lena", Do: "comment", On: "schema-review",
			Body: `Thank you, all three; this was worth the four days. What I change today:

- {{state}} with scheduled, cancelled, added (Jonas)
- {{route_id}} of 32 (Kenji)
- trips without stops are allowed (Deniz)
- headsigns in a table beside, by language (Deniz)

What I do not change: the service day’s times. The schema is frozen from this evening; a change needs a new ask to the same three.`,
		},
		{
			At: "2026-11-16 10:40", By: "caio", Do: "answer", On: "izmir-contacts",
			Body: `Until 31 March:

| nights | name | number |
|---|---|---|
| Mon to Thu | Hakan Öz | on the İzmir page |
| Fri to Sun | Melike Şen | on the İzmir page |

Both speak English. The number is the control room’s and rings on their desk first; after a minute it rings on their telephone. I called it
this morning at 14:10 their time, and Melike answered. One night call is still to be made; I do it this week and write the minute down.`,
		},
		{
			At: "2026-11-16 10:45", By: "caio", Do: "comment", On: "fare-live",
			Body: `Sent to Porto, word for word. They answered “obrigado” and closed the matter.`,
		},
		{
			At: "2026-11-16 09:55", By: "kenji", Do: "update", Ref: "izmir-size", Team: "meridian",
			Readers: []string{"elif", "lena", "maya"},
			Point:   "İzmir’s timetable is 126 MB, four times our largest. The import takes 38 minutes and passes. “At risk” is now a number.",
			Body: `Measured on last winter’s file, on a machine like the real one, with the branch {{izmir-schema}}.

| step | Porto, 31 MB | İzmir, 126 MB |
|---|---:|---:|
| read and check | 1 min | 5 min |
| write trips | 4 min | 29 min |
| switch over | 2 s | 4 min |

The four minutes at the end are what worries me: readers see the old timetable, the trip updates are for the new one. Nine of ten boards would
show bare times.

**Cause:** the switch rewrites all parts at once. **Way out:** write the new one beside the old one and change a name; two days’ work.

**Owner:** Kenji. **By:** Friday 20 November, before their new file on the 24th.`,
		},
		{
			At: "2026-11-16 11:05", By: "priya", Do: "ask", Ref: "morning-report", Team: "operators",
			To: []string{"caio"}, Term: "24h",
			Point: "Which of our reports do operators really open in the morning, and at what hour?",
			Body: `I am writing down what must never be late. The list on the server has 19 reports. I suspect that the true number is four. If you know who opens
them, better still.`,
		},
		{
			At: "2026-11-16 11:30", By: "maya", Do: "ask", Ref: "urgent-rule", Team: "meridian",
			To: []string{"elif", "jonas", "kenji", "caio"}, Need: 3, Term: "2026-11-20",
			Point: "The rule that an urgent ask says why in a sentence ends as an experiment on Friday. Keep it, change it, or drop it?",
			Body: `Since 5 October 12 % of our asks were urgent; before it was 31 %. 18 of 20 were answered in their four hours.

What the figures do not say: whether something that *was* urgent was held back because of the sentence. If you know one such case, that
outweighs the figures.`,
		},
		{
			At: "2026-11-17 11:20", By: "elif", Do: "answer", On: "urgent-rule",
			Body: `Keep. On 4 November the sentence to Deniz took me twenty seconds, and he knew from it that riders stood at a closed stop. Without it he would
have had to ask. I know no case that was held back.`,
		},
		{
			At: "2026-11-17 10:15", By: "jonas", Do: "answer", On: "urgent-rule",
			Body: `Keep, with one change of words on the form. It says “Why is this urgent?”, and people answer “because I need it today”. I would ask “What happens if
it waits until their next window?”. Twice in October I wrote that sentence, read it, and made the ask a normal one.`,
		},
		{
			At: "2026-11-17 10:25", By: "caio", Do: "answer", On: "morning-report",
			Body: `Four, you were right. In the operator’s own time:

| report | who | opened |
|---|---|---|
| yesterday’s punctuality | Bursa, İzmir soon | 06:00 |
| trips that never started | São Paulo, Porto | 06:30 |
| boards without signal | all | 07:00 |
| fares in force | Porto | 08:00, since October |

The others are opened by nobody in a month; I looked at the server’s log with Jonas’s export. The first one matters most: Bursa plans its
drivers with it, at six, on paper.`,
		},
		{
			At: "2026-11-17 10:35", By: "caio", Do: "answer", On: "urgent-rule",
			Body: `Keep. Operators started to copy it: Porto now writes me why something is urgent, without having been asked to.`,
		},
		{
			At: "2026-11-17 17:25", By: "deniz", Do: "update", Ref: "boards-17", Team: "operators",
			Readers: []string{"elif"},
			Point:   "38 of İzmir’s 41 boards are ready, the three street boards at Konak among them. The last three wait for electricity.",
			Body: `Konak, yesterday and today: all three show arrivals, “yaklaşık” fits, and the time to the first arrival after switching on is 40 seconds.

Found and mended on the way: a board that loses its network for a minute showed the last arrivals for ever. It now goes to the timetable after
three minutes and says so.

The last three stand at Halkapınar, where the stop is being rebuilt. The operator connects them by Friday 4 December. For the launch they are
not needed; for “41 of 41” they are. Elif, your call which of the two we promise.`,
		},
		{
			At: "2026-11-17 16:35", By: "lena", Do: "update", Ref: "arrivals-60", Team: "meridian",
			Readers: []string{"elif", "maya"},
			Point:   "Arrivals come within 60 seconds on 8.4 of 10 trips, up from 7.1 in July. With compaction by parts it would be 8.8; the rest is not ours alone.",
			Body: `Where the other 1.6 are lost, measured last week on all 14 operators:

| cause | of 10 trips |
|---|---:|
| writers held by compaction | 0.4 |
| operator sends late (over 40 s) | 0.7 |
| vehicle reports every 60 s instead of 20 | 0.5 |

The second and third are conversations with operators. For São Paulo it is one setting in 400 buses; they know it.

**Goal:** 9 of 10 by 31 January. **Owner:** Lena. I write again on Tuesday 1 December.`,
		},
		{
			At: "2026-11-17 10:05", By: "kenji", Do: "comment", On: "arrivals-60",
			Body: `The 0.7 is not evenly spread: 0.5 of it are two operators, Bremen and the ferries. For the ferries the cause is a radio mast, and a new one is due
in January. So 9.0 may come by itself in February, which is too late for the goal but good to know.`,
		},
		{
			At: "2026-11-17 16:20", By: "ana", Do: "comment", On: "arrivals-60",
			Body: `Do riders notice 60 seconds at all? In my notes the people at the stop speak of minutes, never of seconds; what they do notice is an arrival that
jumps from 4 to 7. If you have the jumps in your data, I would love to see them beside the 8.4.`,
		},
		{
			At: "2026-11-17 14:20", By: "kenji", Do: "ask", Ref: "ferry-restart", Team: "trip-store",
			To: []string{"priya"}, Term: "4wh",
			Urgent: "the ferries’ importer uses 1 GB more each hour and will stop at about 17:00, in the evening rush.",
			Point:  "May I restart the ferries’ importer at 15:30, with about 40 seconds without updates?",
			Body: `Boards would show the last arrivals for those 40 seconds. The leak is found: a file handle for each held fare file. The mended version is what I
would start. If you would rather wait until after the rush, memory lasts until about 17:00, not longer.`,
		},
		{
			At: "2026-11-17 15:10", By: "priya", Do: "answer", On: "ferry-restart",
			Body: `Yes, 15:30 is good: no boat leaves between 15:26 and 15:41. I watch the boards at the pier and write here when they are right again.`,
		},
		{
			At: "2026-11-17 15:40", By: "priya", Do: "comment", On: "ferry-restart",
			Body: `Right again at 15:31. Nobody will have seen it.`,
		},
		{
			At: "2026-11-18 11:15", By: "elif", Do: "update", Ref: "izmir-launch", Team: "operators",
			Readers: []string{"lena", "caio", "deniz"},
			Point:   "The launch page for İzmir is ready to be read: what we promise, to whom, from which hour. Please mend what is wrong in it.",
			Body: `The page: [example.org/izmir](https://example.org/izmir/launch).

- **We promise** arrivals on 38 boards from 15 December, on all 41 by 18 December. (Thank you, Deniz. I promise the smaller number.)
- **Opening hours** of the information desk at Konak: 08:00 to 20:00. Caio, please check them with the operator.
- **First day:** Deniz is at Konak from 05:00, I am in their control room.

Still open: our timetable risk ({izmir-size}), and one night call to the control room.

**Owner:** Elif. Comments until Wednesday 25 November.`,
		},
		{
			At: "2026-11-18 09:45", By: "jonas", Do: "ask", Ref: "log-before",
			To: []string{"lena"}, Term: "24h",
			Point: "Would it be right by you if I proposed an append-only log next to your compaction branch?",
			Body: `I ask you before I write anything that others read.

The 200 lines that only append ({replay-weekday}) were meant as a test of the tool. On 7 October’s traffic they never hold a writer, which is no
wonder, since there is nothing to wait for. They cost disk, and the way back is a replay.

Your schema would be the base of it, unchanged. What would fall away is the scheduler, and you have put days into that. If you would rather
finish and measure first, I wait; the branch has the older right.`,
		},
		{
			At: "2026-11-18 11:30", By: "lena", Do: "answer", On: "log-before",
			Body: `Yes, propose it. And thank you for asking first.

Since the 9 minutes in {compaction-12} I have had the same thought and did not like it. The scheduler is good, and it answers a question that a log
does not even ask. If the log is better, I would rather know it in November than in March.

Two wishes:

- measure both on the same day, with an import in the middle, or we compare a bad night with a good one
- say in the document what a way back costs. “A replay” is not a number yet`,
		},
		{
			At: "2026-11-18 08:50", By: "caio", Do: "update", Ref: "written-96", Team: "operators",
			Readers: []string{"elif", "priya", "maya"},
			Point:   "96 of 100 questions from operators had a written answer within a day. The outcome is reached, twelve days early.",
			Body: `The four that were late: two came by mail to one person (mended by Priya’s rule since 6 November), one was a public holiday here, one I simply
forgot.

What operators say about it, in one line each:

- Porto: “we stopped telephoning”
- Bursa: would like the answers in Turkish; Deniz and Elif do that already, so it is a matter of saying it
- Bay ferries: noticed nothing, which I count as praise

I propose to keep the figure and stop calling it a goal. **Owner:** Caio. **Next look:** 1 March.`,
		},
		{
			At: "2026-11-18 11:20", By: "ana", Do: "ask", Ref: "izmir-riders", Team: "operators",
			To: []string{"elif"}, Term: "24h",
			Point: "May I have two riders in İzmir asked about “yaklaşık” before the launch, by somebody who speaks Turkish?",
			Body: `Ten minutes each, the same three questions; I translate them if you read my Turkish afterwards. “Yaklaşık” is eight letters and sounds more formal
than “about”. I do not know whether it is what a person at a stop would say.`,
		},
		{
			At: "2026-11-18 11:15", By: "maya", Do: "update", Ref: "urgent-keep", Team: "meridian",
			Point: "We keep the rule: an urgent ask says why, in a sentence. The question on the form changes to “What happens if it waits until their next window?”.",
			Body: `Three of four answered {urgent-rule}, all for keeping it, nobody knew a case that was held back. Jonas’s wording is better than ours.

**From:** “Why is this urgent?” **To:** “What happens if it waits until their next window?” **Starts:** Monday 23 November. **Looked at again:** May.`,
		},
		{
			At: "2026-11-18 16:10", By: "kenji", Do: "request", Ref: "v1-freeze", Team: "meridian",
			To:      []string{"lena", "jonas", "ana", "caio"},
			Readers: []string{"maya"},
			Point:   "Freeze arrivals API v1 on 15 January 2027. Please say what this breaks for you by Tuesday 24 November, 17:00 Berlin time. Maya decides after that.",
			Body: `**What freezes.** The fields of {{/v1/stops}}, {{/v1/stops/:id/arrivals}} and {{/v1/alerts}}: none is added, renamed or removed. Repairs go on.

**Why.** Three partners and 261 boards read v1. This year it changed 31 times; four changes broke somebody, each time for less than an hour, each time
on a Friday.

**Options**

| | what | cost |
|---|---|---|
| A | freeze on 15 January, new things go to v2 | two versions to serve, 1 day a month |
| B | freeze after İzmir has run for a quarter | four more risky changes, by this year’s rate |
| C | no freeze, a changelog and two weeks’ notice | partners have to read it; two told us that they will not |

**Recommendation:** A. Old clients are served for six months after v2 is there.

**Known cases** from {v1-breaks}: the Porto export (mended before January), the age of a prediction (worked out on the board, goes to v2).

**Owner:** Kenji.`,
		},
		{
			At: "2026-11-19 09:10", By: "elif", Do: "update", Ref: "checkin-3", Team: "meridian",
			Point: "Thursday check-in: what changed, what is next, what is blocked?",
			Body: `The third in writing. From Monday 30 November we try the daily one in writing too, for four weeks; I write about that next Thursday and not
before.`,
		},
		{
			At: "2026-11-19 08:40", By: "lena", Do: "comment", On: "checkin-3",
			Body: `**Changed:** schema frozen on Monday. A run now gives way to an import. **Next:** the measurement with an import in the middle, tomorrow, with Jonas.
**Blocked:** nothing.`,
		},
		{
			At: "2026-11-19 11:15", By: "elif", Do: "answer", On: "izmir-riders",
			Body: `Yes, with pleasure. Selin’s niece takes tram 2 each morning and has already offered. Send me the Turkish, I read it the same day. My guess: people
say “yaklaşık” at the bank and “aşağı yukarı” at the stop, but that has 13 letters.`,
		},
		{
			At: "2026-11-19 10:15", By: "jonas", Do: "comment", On: "checkin-3",
			Body: `**Changed:** 7 October replays, to the minute of the hold. **Next:** today’s traffic of São Paulo with a timetable import in it, under three
stores. **Blocked:** nothing; I use 110 GB now and have said so to Priya.`,
		},
		{
			At: "2026-11-19 12:20", By: "deniz", Do: "comment", On: "checkin-3",
			Body: `**Changed:** 38 of 41. The fare check has held nothing in four days, so I fed it Porto’s bad file on Tuesday evening to see that it still would. It
does. **Next:** three boards at Halkapınar, paperwork. **Blocked:** by electricity, until 4 December.`,
		},
		{
			At: "2026-11-19 11:35", By: "lena", Do: "comment", On: "v1-freeze",
			Body: `For A. One question on the last line of the recommendation: why six months for old clients? Boards in the halls are updated once a year, in the
operators’ spring works. Six months after v2 would be before that for at least two of them. Would twelve cost much more?`,
		},
		{
			At: "2026-11-19 10:20", By: "caio", Do: "comment", On: "checkin-3",
			Body: `**Changed:** the night call to İzmir: Tuesday, 23:40 their time, answered by Hakan Öz after two rings. Line 4 of Elif’s plan is done.
**Next:** tomorrow is a holiday here. **Blocked:** nothing.`,
		},
		{
			At: "2026-11-19 11:25", By: "ana", Do: "comment", On: "checkin-3",
			Body: `**Changed:** nine riders now. The blind rider on Tuesday taught me more than the other eight; his screen reader says “about six M-I-N”. I have
written to the makers. **Next:** two more, Turkish if Elif may. **Blocked:** no. Holiday tomorrow.`,
		},
		{
			At: "2026-11-19 09:50", By: "kenji", Do: "comment", On: "checkin-3",
			Body: `**Changed:** the switch at the end of an import takes 3 s for 126 MB, was 4 min. **Next:** make that the default on the test server; until then
it is still {{izmir-flat}}. **Blocked:** nothing.`,
		},
		{
			At: "2026-11-19 10:55", By: "priya", Do: "comment", On: "checkin-3",
			Body: `**Changed:** rehearsed “a store refuses writes” with Kenji on Tuesday: 11 minutes, six of them looking for the right command. It is on the first
line of the page now. **Next:** the same with Deniz, in the Istanbul morning. **Blocked:** nothing.`,
		},
		{
			At: "2026-11-19 22:15", By: "lena", Do: "ask", Ref: "bursa-first", Team: "trip-store",
			To: []string{"deniz"}, Term: "24h",
			Point: "Bursa sends two headsigns and no language. Is the first one always the Turkish one?",
			Body: `Written late so that I can forget it until tomorrow. If it is always so, I make it a rule for Bursa with your name beside it. If not, I need
to know the exceptions before I move the rows.`,
		},
		{
			At: "2026-11-19 16:30", By: "priya", Do: "ask", Ref: "held-minutes", Team: "trip-store",
			To: []string{"jonas"}, Term: "24h",
			Point: "Can the export say, for each operator and month, how many minutes a writer was held?",
			Body:  `One figure in the operators’ report, so that we tell them before they ask. Zero would be shown as well.`,
		},
		{
			At: "2026-11-20 12:15", By: "deniz", Do: "answer", On: "bursa-first",
			Body: `In 212 of 214 headsigns, yes. The two exceptions are the airport bus, where English comes first: {{96A}} and {{96B}}. I have asked Bursa to turn
them round; until then they belong into the rule by name.`,
		},
		{
			At: "2026-11-20 10:20", By: "jonas", Do: "answer", On: "held-minutes",
			Body: `Yes, from December. The figure is already in the log, it is one line in the export. I take “held” as longer than 30 seconds, because shorter ones
nobody sees; if you want another threshold, tell me before the 27th.`,
		},
		{
			At: "2026-11-20 14:30", By: "elif", Do: "update", Ref: "hire-two", Team: "hiring",
			Readers: []string{"maya", "jonas"},
			Point:   "Two remain for Istanbul, 1 and 3. I propose 3. I decide on Wednesday 25 November at noon, Berlin time.",
			Body: `Both conversations were in writing first and twenty minutes live after. Deniz read the feed half without names and put 3 ahead, “because 3 found the
second error, which I had not planted”.

For 1 speaks more experience with storage, which we said we do not need now.

The open version, without anything about the people, goes to Meridian today, since Lena and Deniz would share on-call hours with whoever comes.`,
		},
		{
			At: "2026-11-20 14:45", By: "elif", Do: "request", Ref: "hire-open", Team: "meridian",
			To:    []string{"lena", "deniz"},
			Point: "We want to hire a second data engineer in Istanbul from February. You would share on-call hours: please say by Wednesday 25 November, 12:00 Berlin time, if something speaks against it.",
			Body: `**What changes for you.** Mornings from 07:00 to 12:00 Berlin time would be covered by two people in Istanbul. Lena, you would be first only from 12:00 to
18:00, every third week instead of every second. Deniz, you would have a second pair of eyes on files before 09:00.

**What does not.** Nobody is on call at night who is not now.

**Why feeds.** Two of the last three bad nights began in a file that somebody sent us.

**Owner and decision:** Elif.`,
		},
		{
			At: "2026-11-20 14:05", By: "jonas", Do: "update", Ref: "replay-thursday", Team: "trip-store",
			Readers: []string{"lena", "kenji", "deniz"},
			Point:   "Thursday’s traffic of São Paulo under three stores: appending never holds a writer, compaction by parts up to 4 minutes, the one in force up to 48.",
			Body: `One whole day, with a timetable import from 17:00 to 17:20, as Lena asked. All three end with the same arrivals.

| store | longest hold | disk a month |
|---|---:|---:|
| in force, nightly run | 48 min | as now |
| by parts, hourly and throttled | 4 min | as now |
| append-only, one snapshot a day | none | + 38 GB |

The 48 minutes are what *would* happen if a run and an import met. It has not happened yet in São Paulo, because their imports come in the
afternoon.

38 GB are about three euros a month.

**What I have not measured:** how long it takes to go back, which means replaying a month. The proposal is drafted; I sleep on it and open it on Monday.`,
		},
		{
			At: "2026-11-20 14:40", By: "lena", Do: "update", Ref: "compaction-20", Team: "trip-store",
			Readers: []string{"jonas", "kenji"},
			Point:   "The compaction branch is ready to be read, as promised. Please do not read the scheduler yet: Jonas’s measurement may make it unnecessary.",
			Body: `What is finished: the trip schema, frozen and read by three; runs by parts; a run gives way to an import. With that, the longest hold on Thursday’s
traffic was 4 minutes.

What I ask: read {{store/trip}} only, 600 lines. It stays, whichever way we decide. {{store/schedule}} can wait for the proposal.

I continue on Monday with the part that both ways need: rows without stops, headsigns by language. If nothing else comes, the branch lies still from
Monday evening, and that is fine.`,
		},
		{
			At: "2026-11-20 11:20", By: "maya", Do: "update", Ref: "maya-away", Team: "meridian",
			Point: "I am away on Monday and Tuesday and back on Wednesday 25 November. San Francisco has holidays on Thursday and Friday. Nothing has to wait for me but v1.",
			Body: `- **v1 freeze:** I read it on Wednesday and decide with what stands there.
- **İzmir:** Elif decides, also about the date.
- **The store:** Jonas opens his proposal on Monday. I decide when everybody’s time to read is over, mine included; that will be the week after.
- **Anything else:** decide, and write it down.

Kenji and Priya are there until Wednesday evening.`,
		},
		{
			At: "2026-11-20 16:45", By: "priya", Do: "update", Team: "trip-store",
			Readers: []string{"jonas", "deniz"},
			Point:   "Handover for the weekend: steady. Longest hold 4 min 20 s, São Paulo on Thursday, when a run met the end of an import.",
			Body: `**State.** 14 feeds, 14 fare files passed on each of five days.

**Risky.** That hold is the closest we came to five minutes this month, and the kind that Lena described on the 12th. If São Paulo imports in the
evening, it would be longer. They have not announced one.

**Asks.** None.`,
		},
		{
			At: "2026-11-22 20:10", By: "kenji", Do: "comment", On: "replay-thursday",
			Body: `Good measurement. Two remarks for the proposal, no need to answer here:

- 4 minutes “by parts, hourly” is with the throttle at 25 %. At 50 % I would expect 2 minutes and a slower night.
- “None” for appending is true for the writers. The snapshot reads everything once a day; measure the readers in that minute.`,
		},
	}
}
