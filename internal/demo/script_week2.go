package demo

// week2 is Monday 9 to Sunday 15 November: the fare check and the replay grow
// up, İzmir gets an importer, and compaction is measured.
func week2() []act {
	return []act{
		{
			At: "2026-11-09 09:30", By: "elif", Do: "ask", Ref: "izmir-contacts", Team: "operators",
			To: []string{"caio"}, Term: "2026-11-13",
			Point: "Who answers at night in İzmir’s control room, by name and number?",
			Body: `For the fourth line of {izmir-plan}. Two people and a number that rings between 20:00 and 08:00 their time. If they have only one
person, that is an answer too, and I will speak with their management.`,
		},
		{
			At: "2026-11-09 10:40", By: "jonas", Do: "request", Ref: "norm-72", Team: "meridian",
			Point: "I propose that large decisions stay open for 72 hours instead of 48. Please say until Friday 20 November if that is wrong for you.",
			Body: `“Hours” are counted in each reader’s own working days, as now.

**Why.** I read all nine large decisions since August. Four of them met their first objection after the close, and three of those
objections were right: we changed the decision later, which cost more than a day of waiting would have.

| time open | large decisions | first objection after the close |
|---|---:|---:|
| 24 h (August) | 4 | 3 |
| 48 h (since 18 September) | 5 | 1 |

Four cases are few. I would call it an experiment and look again in March.

**What it costs.** One day more for perhaps two decisions a month. Small decisions keep their 48 hours.

**What is “large”?** Whoever writes it says so; the test is “would it take more than a week to undo?”

**Owner:** Jonas. **From:** Monday 30 November, if nobody objects.`,
		},
		{
			At: "2026-11-09 11:25", By: "lena", Do: "comment", On: "replay-first",
			Body: `Equal to the byte, and on that night of all nights: now I believe it. For the files: {{importer/segment.go}} can already open an hour
at once; it was written for the backfill in May and never used since.`,
		},
		{
			At: "2026-11-09 10:30", By: "caio", Do: "asktime", On: "izmir-contacts", Term: "2026-11-18",
			Body: `Their winter rota comes out on Monday 16 November. Names that I get before it would be wrong two weeks later. By Wednesday the 18th you
have those that hold until March.`,
		},
		{
			At: "2026-11-09 17:20", By: "deniz", Do: "update", Ref: "fare-check-1", Team: "trip-store",
			Readers: []string{"priya"},
			Point:   "The fare check ran on 30 days of all 14 operators: it would have held 3 files, 2 of them rightly.",
			Body: `| day | operator | rule | right? |
|---|---|---|---|
| 30 Oct | Porto | 1, median | yes, euros for cents |
| 22 Oct | Bay ferries | 3, zone gone | yes, zone 4 was lost for a day and nobody noticed |
| 1 Nov | Bursa | 1, median | no, they really lowered the night fare |

So one false alarm in 420 files. A held file means that yesterday’s fares stay until a person looks, which for Bursa would have been
wrong by four hours.

**Next:** beside the import from Friday 13 November, as promised; it then reports and holds nothing.`,
		},
		{
			At: "2026-11-09 11:35", By: "ana", Do: "comment", On: "v1-start",
			Body: `@kenji, when you list what partners use: the hospital in Pinheiros shows our arrivals in its waiting room, through a partner whom I
have never met. I can go and look what happens there when a field is missing.`,
		},
		{
			At: "2026-11-09 09:50", By: "kenji", Do: "request", Ref: "izmir-import", Team: "trip-store",
			To:    []string{"lena"},
			Point: "Please read the plan for İzmir’s importer before I build the second half. I keep two branches until we know which one holds.",
			Body: `- {{izmir-flat}}: one file a day, read from the beginning, no key. Works today. It is the branch that the test server runs, and the
  default for now.
- {{izmir-schema}}: your trip schema, keyed by service date and trip. Half done. Needs 9 days.

I go on with {{izmir-schema}}. {{izmir-flat}} stays until the other one has imported a whole timetable twice with the same result.

Worth your eye: section 3, trams after midnight. I followed your remark in {trip-unique} and test with 00:20.

Time to read: 6 minutes. No term; before Friday helps.`,
		},
		{
			At: "2026-11-09 11:10", By: "priya", Do: "update", Ref: "ops-w45", Team: "operators",
			Point: "Operators’ questions last week: 23 came, 22 had a written answer within a day. The one that did not was ours to lose.",
			Body: `The late one: Bremen asked on Wednesday why line 6 showed no arrivals on Sunday. It came by mail to a person who was off, and lay for
two days.

What I changed: questions that come to one of us by name are moved to the shared address the same day. It is one rule in the mail
server, tested on Friday.

Since 1 October: 68 of 71. **Owner of the outcome:** Caio, by 30 November.`,
		},
		{
			At: "2026-11-09 11:35", By: "maya", Do: "ask", Ref: "izmir-risk", Team: "meridian",
			To: []string{"elif"}, Term: "24h",
			Point: "Is İzmir at risk? Yes or no, and by what.",
		},
		{
			At: "2026-11-10 11:10", By: "elif", Do: "grant", On: "izmir-contacts", To: []string{"caio"},
		},
		{
			At: "2026-11-10 11:25", By: "elif", Do: "answer", On: "izmir-risk",
			Body: `Yes, by one thing: the size of their timetable. They say four times Porto’s, we have not seen it, and our importer has never read one
so large. Last winter’s file comes this week; then I know whether “at risk” is a feeling or a number.

People, boards and permits are on course.`,
		},
		{
			At: "2026-11-10 10:20", By: "jonas", Do: "ask", Ref: "comp-figures", Team: "trip-store",
			To: []string{"lena"}, Term: "24h",
			Point: "How long did each compaction run hold the writers in the last two weeks, for each store?",
			Body:  `I would like to lay the replay beside real nights. Longest hold and total for each run would do; a table is fine.`,
		},
		{
			At: "2026-11-10 11:20", By: "lena", Do: "handon", On: "comp-figures", To: []string{"kenji"},
			Body: `Kenji reads these figures each evening when the run starts at 18:00 his time; mine are from the test copy only.`,
		},
		{
			At: "2026-11-10 11:30", By: "lena", Do: "comment", On: "izmir-import",
			Body: `Read, and I agree with the plan. Two remarks:

1. Section 3: 00:20 is a good test; please add 03:59 and 04:00, because that is where a service day ends in their file.
2. Two branches are fine as long as it is written down which one is the default. Today it is the older one, and in three weeks nobody
   will remember why.`,
		},
		{
			At: "2026-11-10 11:20", By: "ana", Do: "update", Ref: "about-day1", Team: "meridian",
			Point: "Three riders this morning: all three read “about 6 min” as “between five and eight”. One would still buy a coffee.",
			Body: `Ana Rosa, 07:40 to 09:15, in the rain. Old boards, so I held the photo next to the real thing.

What surprised me: the rider who buys the coffee did so *because* of the word. “If it says six, I must stand here at five. If it says
about six, I have a minute either way.” We thought that the word costs trust. For her it gave time.

What I did badly: I asked the second question too fast after the first, so two answers may be polite. On Friday I wait longer.

Three of eight to twelve. **Next:** Friday, Eucaliptos, new boards.`,
		},
		{
			At: "2026-11-10 09:55", By: "kenji", Do: "answer", On: "comp-figures",
			Body: `26 October to 8 November, seconds, runs with a hold over 30 s only.

| store | runs | longest | sum of all holds |
|---|---:|---:|---:|
| São Paulo | 14 | 251 | 2,310 |
| San Francisco | 12 | 220 | 1,404 |
| Porto | 6 | 95 | 388 |
| Bursa | 4 | 71 | 202 |

The ten others stay under 30 s. The raw lines are at [example.org/holds](https://example.org/holds/2026-11.csv). From 1 November the San
Francisco rows are the rush hour, see {rush-compaction}.`,
		},
		{
			At: "2026-11-10 23:05", By: "elif", Do: "update", Ref: "izmir-visit", Team: "operators",
			Readers: []string{"deniz", "caio"},
			Point:   "I was in İzmir’s control room today. They want fewer figures on one screen, and they want to know who we are.",
			Body: `Written on the train; read it tomorrow.

- **One screen.** The dispatcher has eleven windows open. Ours would be the twelfth. They ask for one line a tram: late, by how much, since when.
- **Trust.** Their last supplier telephoned with good news and wrote with bad. I promised the same channel for both.
- **Names.** They asked who is behind “the system”. I wrote nine first names on the whiteboard, with the city beside each. It is still there, I
  think.

Nothing of this changes the plan. The one line a tram is a wish for January; I keep it.`,
		},
		{
			At: "2026-11-10 13:10", By: "kenji", Do: "ask", Ref: "v1-breaks", Team: "meridian",
			To: []string{"lena", "jonas", "ana", "caio"}, Need: 2, Term: "2026-11-13",
			Point: "What breaks for you, or for somebody you speak with, if arrivals API v1 takes no new field after 15 January?",
			Body: `Maya decides on 24 November ({v1-start}). Before I write I want the cases, not opinions: name of the client, field, what happens.

Known so far:

- three partners read {{stops/:id/arrivals}}; none reads unknown fields
- our own boards read the same, plus {{age}} since August

Two answers let me begin; more are welcome until the date.`,
		},
		{
			At: "2026-11-10 16:25", By: "priya", Do: "ask", Ref: "fare-hold", Team: "trip-store",
			To: []string{"deniz"}, Term: "24h",
			Point: "When the fare check holds a file at night, who is told, and may I release it alone?",
			Body: `For the page on held files. My proposal: nobody is woken, the operator gets the automatic letter, and whoever is on duty may release it
after reading the one line that says why. If that is too easy, tell me what a second person would add.`,
		},
		{
			At: "2026-11-11 12:15", By: "deniz", Do: "answer", On: "fare-hold",
			Body: `I agree: nobody is woken, and one person may release. A second person would add an hour and no knowledge; the line says which fare changed
from what to what.

One exception: rule 2 (a fare became 0) is released by the operator only, in writing. A fare of zero is a promise to riders.`,
		},
		{
			At: "2026-11-11 10:25", By: "jonas", Do: "answer", On: "v1-breaks",
			Body: `One case. The nightly export for Porto reads v1 and takes the **order** of the fields for granted, because somebody (I) wrote it as a
spreadsheet in 2024. New fields at the end never hurt it; a freeze does not either. A v2 with another order would. I repair it before
January, half a day, and write it down here so that nobody else has to find it.

Beyond that: please say in the proposal how long v1 is *served* after the freeze. People read “freeze” as “end”.`,
		},
		{
			At: "2026-11-11 11:20", By: "lena", Do: "answer", On: "v1-breaks",
			Body: `Nothing of the trip store breaks. One field that I would like to have in v1 *before* the freeze, if it is to be anywhere: how sure we are
of an arrival. The boards say “about” by a rule of thumb today, 90 seconds. I do not ask for it yet; I only say that after 15 January
the door is closed.`,
		},
		{
			At: "2026-11-11 08:35", By: "caio", Do: "ask", Ref: "porto-export", Team: "operators",
			To: []string{"jonas"}, Term: "4wh",
			Urgent: "Porto’s council discusses the table at 16:00 in Porto today, and its October column is empty.",
			Point:  "Can you tell me whether October’s figures are missing in our export, or only in the copy that they opened?",
			Body:   `They opened the file this morning: January to September are there, October is blank. One word is enough; I write to them.`,
		},
		{
			At: "2026-11-11 12:55", By: "jonas", Do: "answer", On: "porto-export",
			Body: `Only in their copy. The file of this morning has October; they opened the one from 31 October, which was written before the month was
over. The right one: [example.org/porto/export](https://example.org/porto/export-2026-11-11.csv).

So that it does not happen again, from December the file of the last day is written on the first of the next month.`,
		},
		{
			At: "2026-11-11 16:30", By: "ana", Do: "ask", Ref: "age-field", Team: "trip-store",
			To: []string{"kenji"}, Term: "24h",
			Point: "Is the age of a prediction already in the feed that boards read, or is “older than 90 seconds” worked out on the board?",
			Body: `I would like to tell riders the truth when they ask “older than what?”. And if it is on the board: do all four models count in the same
way?`,
		},
		{
			At: "2026-11-11 15:55", By: "kenji", Do: "answer", On: "age-field",
			Body: `On the board. The feed carries {{timestamp}} of the prediction; the board subtracts it from its own clock.

The four models do not count alike:

- both LED models and the TFT in the halls: clock set by radio, good to a second
- TFT in the street: clock set once a day, up to 20 s off by the evening. They say “about” too early or too late by that much

If the word matters to riders, it should be worked out by us and sent. See Lena’s answer to {v1-breaks}; she got there first.`,
		},
		{
			At: "2026-11-11 17:05", By: "maya", Do: "comment", On: "norm-72",
			Body: `Yes to 72. I object to one word: “large” should not be the writer’s choice alone. A reader who says “this is large” within the first day
makes it so.`,
		},
		{
			At: "2026-11-12 09:10", By: "elif", Do: "update", Ref: "checkin-2", Team: "meridian",
			Point: "Thursday check-in: what changed, what is next, what is blocked?",
			Body: `Last week’s page was read by people in all four places, I know because three wrote to me about it. Same as ever: your own window, a few
lines.`,
		},
		{
			At: "2026-11-12 08:35", By: "lena", Do: "comment", On: "checkin-2",
			Body: `**Changed:** the scheduler stops when writers queue. Measurement at eleven, in its own update.
**Next:** the large store, line 875. **Blocked:** nothing.`,
		},
		{
			At: "2026-11-12 10:15", By: "jonas", Do: "comment", On: "checkin-2",
			Body: `**Changed:** a quiet day replays in 5 minutes, it was 11. Lena’s hint with the hour segments did most of it.
**Next:** a weekday. **Blocked:** nothing. I am off on the afternoon of 2 December.`,
		},
		{
			At: "2026-11-12 11:30", By: "lena", Do: "update", Ref: "compaction-12", Team: "trip-store",
			Readers: []string{"jonas", "kenji", "deniz"},
			Point:   "Measured: compaction by parts holds the writers 50 seconds at most in thirteen stores, and up to 9 minutes in São Paulo’s. The branch is right, but not yet enough.",
			Body: `| store | longest hold, now | with the branch |
|---|---:|---:|
| Bursa (7 Oct traffic) | 14 min | 50 s |
| San Francisco | 3 min 40 s | 35 s |
| Porto | 1 min 35 s | 20 s |
| São Paulo, ordinary night | 4 min 11 s | 1 min 20 s |
| São Paulo, with a timetable import at the same time | not seen yet | **9 min** |

The last row is the one that matters. When an operator sends a new timetable, every part of the store has work at once, and the scheduler
has no quiet part to choose. On an ordinary night it never happens. İzmir will send such a file every few weeks.

**What I try next:** no run begins while an import is under way, and a run that meets one gives way after its part.

**Owner:** Lena. **By:** Friday 20 November, together with the branch.`,
		},
		{
			At: "2026-11-12 09:10", By: "caio", Do: "ask", Ref: "duty-number", Team: "operators",
			To: []string{"priya"}, Term: "24h",
			Point: "Which telephone number shall operators be given for the days between Christmas and New Year?",
		},
		{
			At: "2026-11-12 10:15", By: "caio", Do: "comment", On: "checkin-2",
			Body: `**Changed:** Porto’s council has its table and its letter. **Next:** İzmir’s night numbers, on the 18th. **Blocked:** by their rota, not by us.`,
		},
		{
			At: "2026-11-12 17:10", By: "deniz", Do: "comment", On: "checkin-2",
			Body: `**Changed:** the permit for Konak is here, for Monday and Tuesday next week. **Next:** fare check beside the import, tomorrow.
**Blocked:** nothing.`,
		},
		{
			At: "2026-11-12 11:25", By: "ana", Do: "comment", On: "checkin-2",
			Body: `**Changed:** three riders asked, {about-day1}. **Next:** Eucaliptos tomorrow; it has a bakery next to the stop, so the coffee question will be
put to the test.
**Blocked:** no.`,
		},
		{
			At: "2026-11-12 11:40", By: "caio", Do: "withdraw", On: "duty-number",
		},
		{
			At: "2026-11-12 16:40", By: "lena", Do: "ask", Ref: "schema-review", Team: "trip-store",
			To: []string{"jonas", "kenji", "deniz"}, Term: "2026-11-17",
			Point: "Please read the trip schema and say what you would regret in a year. I need all three of you.",
			Body: `It is 140 lines, in {{store/trip/schema.go}} on my branch; 15 minutes. It outlives compaction: whatever we do with the files later, these are
the rows.

Where I am least sure:

- **times** as seconds after the service day’s noon minus 12 h, as in the timetable. Right on the two days a year when clocks change, strange
  on all others
- **cancelled trips** keep their row with a flag, so that a board can say “cancelled” and not merely stop saying anything
- **no operator id** in the row, because each operator has a store of its own`,
		},
		{
			At: "2026-11-12 09:50", By: "kenji", Do: "comment", On: "compaction-12",
			Body: `The 9 minutes are plausible. An import touches 100 % of the parts, in file order, which is by line and not by time.

Your way out works if imports are rare and short. İzmir’s may be neither. I have last winter’s file since this morning: 126 MB. I measure
how long it takes before we build on “gives way”.`,
		},
		{
			At: "2026-11-12 10:55", By: "priya", Do: "comment", On: "checkin-2",
			Body: `**Changed:** the page on held files is written, with Deniz’s exception for zero fares. **Next:** a rehearsal for a store that refuses writes,
with Kenji, Tuesday. **Blocked:** nothing.`,
		},
		{
			At: "2026-11-13 12:30", By: "deniz", Do: "update", Ref: "fare-beside", Team: "trip-store",
			Readers: []string{"priya", "caio"},
			Point:   "The fare check runs beside the import since 12:10. It reports and holds nothing until Monday.",
			Body: `Today’s 14 files: 14 times {{ok}}. The report is one line a file, at [example.org/fares](https://example.org/fares/today).

From Monday 16 November 10:00 Istanbul time it holds for real, if nobody sees a reason against it by then. To switch it off:
{{farecheck --mode=report}}, on any importer, no restart. Priya and I have both tried that.`,
		},
		{
			At: "2026-11-13 12:40", By: "elif", Do: "ask", Ref: "hire-four", Team: "hiring",
			To: []string{"maya", "jonas"}, Term: "eow",
			Point: "Of the first four applications: whom would you talk to, and what would you ask them first?",
			Body: `All four are in the folder, without names or photos, numbered 1 to 4. Each comes with the exercise: a broken timetable of 200 lines, and
their letter to the operator about it. Read the letters; they say more than the CVs.`,
		},
		{
			At: "2026-11-13 11:35", By: "lena", Do: "comment", On: "fare-beside",
			Body: `A small thing: the report’s line says {{zone=Z4 delta=-1}}. I had to ask the source what that means. “zone Z4 had a fare yesterday and has none
today” is longer and needs no source.`,
		},
		{
			At: "2026-11-13 15:20", By: "jonas", Do: "decline", On: "hire-four",
			Body: `I know the hand of number 2 from the exercise: we worked together until last spring. Since I can no longer read the four evenly, I would rather
not rank them. I am glad to ask the storage questions in a conversation with any of them.`,
		},
		{
			At: "2026-11-13 15:45", By: "jonas", Do: "answer", On: "schema-review",
			Body: `What I would regret: the flag for cancelled trips. In a year there will be “partly cancelled”, “diverted”, “extra”. A column {{state}} with three
values now, and room for more, costs the same.

What I would not touch: times after the service day. It looks strange, and it is the only notation in which 25 October is not a special
case. My replay of that night agrees.

The rest is good. It reads as if it had always been there.`,
		},
		{
			At: "2026-11-13 13:30", By: "ana", Do: "update", Ref: "about-day2", Team: "meridian",
			Point: "Six riders asked now, six understand “about”. Old boards are the problem: they show a bare “6”, and people believe it.",
			Body: `Eucaliptos, three riders, new boards. All said “more or less six”; one added “it is honest”.

The more useful half came from a man at Ana Rosa on Tuesday, whom I had not counted. His board is the old one, without room for the word.
He had missed two trams that week because “it said 6”. The same prediction, the same age, and no word to warn him.

So my question changes a little: not only whether people understand the word, but what a board should do that cannot show it. Ideas so
far: round up to “8”, show “6+”, show nothing when older than three minutes.

**Next:** five more riders, in Porto’s office hours by a colleague there, and one blind rider here, for whom “about” is spoken.`,
		},
		{
			At: "2026-11-13 09:45", By: "kenji", Do: "answer", On: "schema-review",
			Body: `1. {{state}} instead of a flag: second that.
2. {{route_id}} is 64 characters wide. İzmir’s longest is 9, São Paulo’s 31. At 2,100 updates a second the width is paid for in cache. 32.
3. No regret about the operator id.

With 1 and 2 changed I would put my name under it.`,
		},
		{
			At: "2026-11-13 11:25", By: "maya", Do: "answer", On: "hire-four",
			Body: `1 and 3. First question to both: “What did you leave out of the letter, and why?” Jonas is right to step back; ask Deniz for the feed half, with
the names still off.`,
		},
		{
			At: "2026-11-13 16:40", By: "priya", Do: "update", Team: "trip-store",
			Readers: []string{"jonas", "deniz"},
			Point:   "Handover for the weekend: steady. On Monday at 10:00 in Istanbul the fare check begins to hold files.",
			Body: `**State.** 14 feeds, longest hold this week 4 min 2 s (São Paulo, Wednesday). Fare check: 14 files, all {{ok}}.

**Risky.** Monday morning, the first hour of the fare check. Porto sends at 09:30 Istanbul time, Bursa at 10:10. If a file is held and it
looks wrong, the page “A file is held” takes three minutes.

**Asks.** None.`,
		},
		{
			At: "2026-11-15 19:40", By: "maya", Do: "update", Ref: "two-things", Team: "meridian",
			Point: "This week I look at two things: how large İzmir’s timetable really is, and what v1’s freeze breaks. For all else, decide and write it down.",
			Body: `Both are on their way: Kenji measures the first and writes the second. I will not ask for news in between; Thursday’s check-in is soon enough.

The week after next I am away on Monday and Tuesday, and San Francisco has holidays on Thursday and Friday. What needs me in that week
should reach me by this Friday.`,
		},
	}
}
