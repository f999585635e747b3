package demo

// week1 is Monday 2 to Sunday 8 November: the month is planned, the wrong
// fares in Porto are looked back at, and the compaction branch begins.
func week1() []act {
	return []act{
		{
			At: "2026-11-02 09:25", By: "elif", Do: "update", Ref: "izmir-plan", Team: "meridian",
			Readers: []string{"kenji", "lena", "deniz", "caio"},
			Point:   "İzmir goes live on Tuesday 15 December if four things are true by 1 December.",
			Body: `The operator signed on Friday. They have 41 boards, 312 stops, and trams from 05:10 to 00:20.

What has to be true by Tuesday 1 December:

1. Their timetable imports without a hand in it. **Kenji**
2. Arrivals come within 60 seconds on nine of ten trips, measured over a week. **Lena**
3. All 41 boards show our arrivals, first in the depot. **Deniz**
4. Their control room knows whom to call, and has called once. **Caio**

If one of them is missing on the 1st, we go live on 12 January instead and tell the operator the same day. I would
rather be late once than explain yesterday’s timetable at 41 stops.

Each of you: if your line is wrong, say so here by Friday.`,
		},
		{
			At: "2026-11-02 08:50", By: "lena", Do: "update", Ref: "compaction-start", Team: "trip-store",
			Point: "I start on the compaction branch today. On Thursday 12 November we will know from a measurement whether it is enough.",
			Body: `On 7 October a compaction run held the writers in Bursa for 14 minutes, and nobody there could read arrivals. In
September it was 12 minutes in Porto. The cause was the same: one run takes the whole store, and every writer waits for it.

The branch brings a trip schema of its own and does two things:

- the run takes one part of a store at a time, so that a writer waits for a part and not for all
- a scheduler spreads the parts over the night and stops when writers queue

What stays as it is: the files, the place they are in, and what readers see. No operator has to do anything.

**Owner:** Lena. **First measurement:** Thursday 12 November. **Ready to be read:** Friday 20 November.`,
		},
		{
			At: "2026-11-02 12:25", By: "deniz", Do: "comment", On: "izmir-plan",
			Body: `My line is right, with one remark. The 15 boards in the depot are a newer model than the 26 in the street, so the depot
proves less than it seems. I will also test three boards in the street, at Konak. That needs a permit. @elif, who
gives permits there?`,
		},
		{
			At: "2026-11-02 11:10", By: "jonas", Do: "ask", Ref: "replay-source", Team: "trip-store",
			To: []string{"lena", "kenji"}, Need: 1, Term: "24h",
			Point: "May the replay tool read the raw feed files, or must it go through the importer?",
			Body: `I am building a tool that plays one day of an operator’s feed again, so that we can compare two stores on the same
traffic. There are two ways in:

- **Raw files.** Simple and fast. But the importer repairs some trips (missing {{start_date}}, times after 24:00), and a replay
  without those repairs would not be the day that really happened.
- **Through the importer.** True, but the importer is written for a live feed and waits for the clock in four places.

I lean to the importer, with its clock passed in. It costs me about two days more. One answer is enough, from whichever of
you reads this first.`,
		},
		{
			At: "2026-11-02 16:20", By: "elif", Do: "comment", On: "izmir-plan",
			Body: `Selin Arslan in their operations office, @deniz. I have introduced you by mail. She answers in writing within a day, so
no call is needed.`,
		},
		{
			At: "2026-11-02 16:25", By: "lena", Do: "answer", On: "replay-source",
			Body: `Through the importer. In October 3 % of Bursa’s updates were repaired on the way in, and those are the slow ones; without
them every comparison would flatter the store.

For the clock: {{importer/poll.go}} already takes one in its tests. The other three places can use the same one. I would
rather wait two days than trust a number that I have to explain.`,
		},
		{
			At: "2026-11-02 11:05", By: "priya", Do: "update", Ref: "porto-review", Team: "operators",
			Readers: []string{"caio", "deniz", "maya"},
			Point:   "Porto’s wrong fares on Friday came from a valid file with prices in euros where we expect cents. A check before import would have stopped it.",
			Body: `What happened on Friday 30 October: from 15:40 to 16:05 in Porto, riders saw a single fare of €0.02 instead of €2.00.
Nobody could buy at that price; the app only shows it. Caio saw it first and raised the crisis, I had it after one minute
and put the file of Thursday back.

Why: Porto’s new supplier writes {{2.00}}, the old one wrote {{200}}. Both are numbers, so our importer took both.

What we keep from it:

- putting yesterday’s file back took four minutes and worked as written down; nothing to change there
- no check looks at a fare file before it is live; that is the hole

**Next:** a fare check before import. Deniz has the subject, and I propose Friday 13 November for a version that runs beside
the import without stopping anything.`,
		},
		{
			At: "2026-11-02 11:25", By: "maya", Do: "update", Ref: "november", Team: "meridian",
			Point: "November has one priority: İzmir. The API freeze is second. Everything else may wait for December without asking me.",
			Body: `If two things compete for your week, İzmir wins, and you do not need my word for it.

What this moves to December: the new operator dashboard, prices per zone, the handbook’s second half. If somebody outside
waits for one of these, tell me who by Thursday, and I will write to them.`,
		},
		{
			At: "2026-11-02 16:05", By: "kenji", Do: "ask", Ref: "fare-before", Team: "trip-store",
			To: []string{"deniz"}, Term: "24h",
			Point: "Can the fare check run before the import, so that a bad file never reaches a store?",
			Body: `Today a file is unpacked and written in one step. A check that runs after it finds the error when riders have already
seen it. A check before it needs the file unpacked to a second place, about 40 MB for each operator.

I can split the step in half a day if you want it that way. See {porto-review} for why.`,
		},
		{
			At: "2026-11-03 12:35", By: "deniz", Do: "answer", On: "fare-before",
			Body: `Yes, before. Please split the step, Kenji.

I then get the unpacked folder and return one of three words: {{ok}}, {{hold}}, {{broken}}. On anything but {{ok}} the import keeps
the file of the day before. The rules I begin with:

1. the median fare may not change by more than a factor of three from one day to the next
2. no fare is 0 unless yesterday’s was
3. every zone of yesterday still has a fare

Rule 1 alone would have held Porto’s file.`,
		},
		{
			At: "2026-11-03 11:40", By: "jonas", Do: "comment", On: "compaction-start",
			Body: `One thing to measure that is easy to forget: the reads during the run, not only the writes. In March I was afraid that
writers would wait, and they do; but in Porto in September two readers timed out as well, because they read a file
that was replaced under them. It is in the review of that night, third paragraph.`,
		},
		{
			At: "2026-11-03 09:35", By: "ana", Do: "update", Ref: "about-plan", Team: "meridian",
			Point: "I want to know whether riders understand “about 6 min”. I will ask people at stops until Friday 20 November, in three places.",
			Body: `Since the summer, boards say “about” when an arrival is older than 90 seconds. We think that it means “we are not quite
sure”. I do not know whether riders read it so. They might read “about” as “late”.

How I ask: a photo of a board, one with “6 min”, one with “about 6 min”. Then three questions, always the same:

- When do you expect the tram?
- Would you go and buy a coffee?
- What does the word tell you?

The coffee question says the most. People are polite about words and honest about coffee.

**Owner:** Ana. **By:** Friday 20 November, eight to twelve riders. If you have a question for riders, write it below, and I will
see whether it fits.`,
		},
		{
			At: "2026-11-03 09:50", By: "caio", Do: "ask", Ref: "porto-minutes", Team: "operators",
			To: []string{"priya"}, Term: "eod",
			Point: "From which minute to which minute did riders in Porto see the wrong fare, in Porto time?",
			Body: `Porto’s city council wants it in writing, and I promised the letter for Wednesday. I need two times and one sentence on
whether anybody paid a wrong price. The rest I have.`,
		},
		{
			At: "2026-11-03 09:55", By: "kenji", Do: "update", Ref: "rush-compaction", Team: "trip-store",
			Point: "Since Sunday the nightly compaction starts at 18:00 in San Francisco, in the middle of the evening rush. It held writers for 3 min 40 s on Monday.",
			Body: `The run is set to 02:00 UTC. Until 31 October that was 19:00 here; since the clocks went back it is 18:00.

| evening | updates a second at the start | longest hold |
|---|---:|---:|
| Thu 29 Oct, 19:00 | 640 | 1 min 10 s |
| Mon 2 Nov, 18:00 | 1,480 | 3 min 40 s |

No operator called. It is under the five minutes that we promised. It is also three times what it was.

I have changed nothing. @lena, your branch removes the cause, so I would rather not move the hour twice. If you want
the hour moved until then, say so and I will do it the same day.`,
		},
		{
			At: "2026-11-03 10:15", By: "kenji", Do: "comment", On: "izmir-plan",
			Body: `Line 1 is right if their timetable stays below about 120 MB. Porto’s is 31. I have asked their office for last winter’s
file to measure with. Date unchanged until I know.`,
		},
		{
			At: "2026-11-03 10:45", By: "priya", Do: "answer", On: "porto-minutes",
			Body: `15:40 to 16:05 on Friday 30 October, Porto time; both from the server’s log, so you may quote them.

Nobody paid a wrong price: the app shows fares, and tickets are sold by the operator’s own machines, which do not read
from us. If the council asks how we know, the payment partner confirmed it in writing on Saturday.`,
		},
		{
			At: "2026-11-04 08:45", By: "lena", Do: "comment", On: "rush-compaction",
			Body: `Thank you for not moving it. Please leave it: İzmir’s first tram is at 05:10 there, which is 02:10 UTC, so each hour that
is kinder to San Francisco is worse for İzmir. The only hour that suits everyone does not exist, which is the case for
the branch in one sentence.

If a hold goes over five minutes before the 20th, I move it that day.`,
		},
		{
			At: "2026-11-04 11:20", By: "elif", Do: "ask", Ref: "bursa-heykel", Team: "operators",
			To: []string{"deniz"}, Term: "4wh",
			Urgent: "boards in Bursa send riders to a stop that has been closed since six this morning.",
			Point:  "Are the trams at Heykel in Bursa shown because of their file, or because of us?",
			Body: `The operator says that the closure is in their file since yesterday evening. Their control room waits for one word: their
side or ours. The fix can come later.`,
		},
		{
			At: "2026-11-04 11:55", By: "deniz", Do: "answer", On: "bursa-heykel",
			Body: `Theirs, but an easy mistake to make. The file says {{NO_SERVICE}} for the stop’s old number, 2204. Since the rebuilding in
August the stop is 2204A.

I have written it to their control room with the line number of the file. If they send a new one before 13:00, it is live
ten minutes later. Nothing to do on our side.`,
		},
		{
			At: "2026-11-04 10:20", By: "jonas", Do: "ask", Ref: "replay-day", Team: "trip-store",
			To: []string{"lena", "deniz", "kenji", "priya"}, Need: 2, Term: "2026-11-06",
			Point: "Which day shall I replay first, so that the result says something?",
			Body: `I can keep three days of raw feed on the disk that I have. I would take one quiet day to see that the tool is right, one
ordinary weekday, and one bad one. Candidates for the bad one:

- **7 October, Bursa**: writers held for 14 minutes
- **11 September, Porto**: held for 12, and readers timed out
- a day of your choice, if you remember one that hurt

Two answers are enough.`,
		},
		{
			At: "2026-11-04 10:40", By: "caio", Do: "update", Team: "operators",
			Point: "Porto has its written answer about Friday’s fares. The council is content; they ask to hear when the check is in place.",
			Body: `Sent at 10:15. Three sentences: what riders saw, that nobody paid it, what we change. They answered in ten minutes, which is a
first.

I promised them one line when the fare check runs. @deniz, tell me in your update, no extra message needed.`,
		},
		{
			At: "2026-11-04 17:15", By: "deniz", Do: "answer", On: "replay-day",
			Body: `7 October in Bursa. It is the only day for which we have the operator’s own record of what the trams really did, minute by
minute, so we can see which store was right and not only which was fast.`,
		},
		{
			At: "2026-11-04 16:30", By: "lena", Do: "answer", On: "replay-day",
			Body: `Sunday 25 October as the quiet one: the clocks went back that night, so it has an hour twice. If the tool survives that day,
I believe it on the others. For the bad one I agree with Deniz: 7 October.`,
		},
		{
			At: "2026-11-04 16:25", By: "ana", Do: "ask", Ref: "about-boards", Team: "meridian",
			To: []string{"deniz"}, Term: "24h",
			Point: "Which models of board can show a word before the minutes, and how many letters fit?",
			Body: `For the photos in my rider test. A list is enough. If some boards cannot show “about” at all, what do they do today: nothing,
or the bare minutes?`,
		},
		{
			At: "2026-11-04 16:15", By: "maya", Do: "update", Ref: "v1-start", Team: "meridian",
			Point: "Kenji writes the proposal to freeze arrivals API v1, in time for me to decide by 24 November.",
			Body: `Three partners build on v1, and each week we change a field under them. After the freeze, v1 gets repairs only, and what is new
goes to v2.

Kenji asks each of you what breaks before he writes, not after. I decide on the document alone; there will be no meeting.`,
		},
		{
			At: "2026-11-05 09:10", By: "elif", Do: "update", Ref: "checkin-1", Team: "meridian",
			Point: "Thursday check-in: what changed, what is next, what is blocked?",
			Body: `Answer below in your own window. Three lines are plenty, and “nothing new” is a full answer. I make one page of it on Friday for
those who read only one.`,
		},
		{
			At: "2026-11-05 08:40", By: "lena", Do: "comment", On: "checkin-1",
			Body: `**Changed:** compaction takes one part of a store at a time, in my branch.
**Next:** the scheduler that stops when writers queue.
**Blocked:** nothing.`,
		},
		{
			At: "2026-11-05 10:10", By: "jonas", Do: "comment", On: "checkin-1",
			Body: `**Changed:** the importer takes its clock from outside, in all four places. Read by Kenji, live since yesterday.
**Next:** the first replay, of a quiet Sunday.
**Blocked:** no. I borrow 60 GB on the test machine until the end of the month; if somebody needs them, tell me.`,
		},
		{
			At: "2026-11-05 12:30", By: "deniz", Do: "comment", On: "checkin-1",
			Body: `**Changed:** three rules of the fare check work on Porto’s last 30 files; rule 1 finds 30 October and nothing else.
**Next:** other operators’ files. **Blocked:** the permit for Konak, asked on Monday, expected next week.`,
		},
		{
			At: "2026-11-05 12:45", By: "deniz", Do: "answer", On: "about-boards",
			Body: `| model | boards | letters before the minutes | without room |
|---|---:|---:|---|
| LED, two lines (2016) | 118 | 4 | shows bare minutes |
| LED, three lines (2021) | 64 | 9 | |
| TFT, street | 57 | 20 | |
| TFT, depot and halls | 22 | 20 | |

So “about” fits on all but the oldest: five letters, and they have four. In Turkish it is “yaklaşık”, eight letters, and in
Portuguese “cerca de” with the space, eight too.`,
		},
		{
			At: "2026-11-05 14:40", By: "elif", Do: "ask", Ref: "hire-profile", Team: "hiring",
			To: []string{"maya", "jonas"}, Term: "eow",
			Point: "For the second data engineer in Istanbul: do we want somebody for feeds, or for storage?",
			Body: `I have to say one of them in the first line of the advertisement. People who can do both answer to neither.

My view: feeds. Two of our last three bad nights began in a file that somebody sent us, and Deniz is alone with it in the
Istanbul morning. With storage we have three people in two zones.

A word and a reason, please, from both of you.`,
		},
		{
			At: "2026-11-05 10:25", By: "caio", Do: "comment", On: "checkin-1",
			Body: `**Changed:** Porto is answered. Bursa fixed its file on Wednesday, 40 minutes after Deniz wrote.
**Next:** who answers at night in İzmir’s control room. **Blocked:** nothing.`,
		},
		{
			At: "2026-11-05 11:25", By: "ana", Do: "comment", On: "checkin-1",
			Body: `**Changed:** the three questions are tried on four colleagues of the operator here. One said “about means the computer is
guessing”, which I find a very good answer.
**Next:** real riders from Monday. **Blocked:** no, Deniz sent me the boards.`,
		},
		{
			At: "2026-11-05 15:40", By: "jonas", Do: "answer", On: "hire-profile",
			Body: `Feeds, and I would add a condition: somebody who likes to read other people’s specifications. Most of what went wrong with
operators’ files this year was in the specification, but on page 40.

On storage, I would not hire before we know what becomes of compaction. If it goes well, we need fewer hands there, not more.`,
		},
		{
			At: "2026-11-05 10:00", By: "kenji", Do: "comment", On: "checkin-1",
			Body: `**Changed:** unpacking and writing are two steps now; Deniz can put his check between them.
**Next:** İzmir’s importer.
**Blocked:** last winter’s file from İzmir, asked for on Tuesday.`,
		},
		{
			At: "2026-11-05 10:50", By: "priya", Do: "comment", On: "checkin-1",
			Body: `**Changed:** the page for “put yesterday’s file back” now says which of two people does it and who watches.
**Next:** the same page for a store that refuses writes. **Blocked:** nothing.`,
		},
		{
			At: "2026-11-05 15:50", By: "kenji", Do: "ask", Ref: "trip-unique", Team: "trip-store",
			To: []string{"lena"}, Term: "24h",
			Point: "Does your trip schema need a trip_id to be unique, or only unique within one service day?",
			Body: `İzmir reuses numbers: the first tram is {{T1-0510}} every day of the year. With {{trip_id}} alone as the key, Tuesday would overwrite
Monday. With {{(service_date, trip_id)}} it is fine. I build on your schema and would like to know before I write 2,000 lines.`,
		},
		{
			At: "2026-11-05 16:20", By: "maya", Do: "answer", On: "hire-profile",
			Body: `Feeds. Jonas’s condition goes into the text as written.`,
		},
		{
			At: "2026-11-06 11:20", By: "elif", Do: "update", Ref: "hire-post", Team: "hiring",
			Point: "We look for somebody for feeds. The advertisement goes out on Monday, open for two weeks.",
			Body: `First line: “You will read what 14 operators send us, and find the page-40 problems before riders do.” Thank you both, it took a
day and no call.

I read applications each Wednesday and bring at most four to you. **Owner:** Elif. **Decision:** Wednesday 25 November.`,
		},
		{
			At: "2026-11-06 11:25", By: "lena", Do: "answer", On: "trip-unique",
			Body: `Unique within one service day. The key is {{(service_date, trip_id)}}, and the date is the operator’s, so a tram at 00:15 belongs to the
day before, as in their timetable.

One trap that I met in Bursa: in the real-time feed {{start_date}} may be missing, and then the importer guesses it from the clock. For
trips after midnight the guess was wrong until August. It is right now, but please test yours with a tram at 00:20.`,
		},
		{
			At: "2026-11-06 14:40", By: "lena", Do: "update", Ref: "compaction-w1", Team: "trip-store",
			Point: "Compaction by parts works on a copy of Bursa’s store: the longest hold is 50 seconds instead of 14 minutes. It is not yet the truth for a large store.",
			Body: `Measured on the copy, one run, with the writes of an ordinary Tuesday. Reads were measured too, as Jonas asked; none timed out.

What I do not know yet:

- São Paulo’s store is nine times larger, and its parts are not equal: line 875 alone is a fifth of it
- whether ten parts one after another slow the writers over the whole night, if only a little

Both are the subject of next Thursday’s measurement. **Owner:** Lena. **Next word:** Thursday 12 November.`,
		},
		{
			At: "2026-11-06 17:10", By: "deniz", Do: "update", Ref: "stop-codes", Team: "trip-store",
			Readers: []string{"kenji"},
			Point:   "İzmir uses two numbers for one stop: 312 stops have 341 codes. I map both, and keep theirs in what we send back.",
			Body: `29 stops have an old code on the boards and a new one in the timetable. Bursa’s closed stop on Wednesday was the same mistake in
small, so I looked for it before it finds us.

- the table of both codes is in {{izmir/stops.csv}}, one line each, checked against the map by hand
- an unknown code holds the file and writes one line to Selin Arslan’s office, not to us

Kenji: your importer may use the new codes everywhere. The boards get the old ones from me.`,
		},
		{
			At: "2026-11-06 14:10", By: "ana", Do: "ask", Ref: "about-stops", Team: "operators",
			To: []string{"caio", "elif"}, Need: 1, Term: "eow",
			Point: "Which operator would let me stand at two of their stops next week, with photos and three questions?",
			Body: `I need a stop with the old boards, which cannot show the word, and one with the new. Two mornings. I wear our badge and do not film.
One yes is enough; São Paulo is easiest for me.`,
		},
		{
			At: "2026-11-06 15:20", By: "caio", Do: "answer", On: "about-stops",
			Body: `São Paulo says yes: Tuesday and Friday, Ana Rosa (old boards) and Eucaliptos (new). Ask for Rogério at the stop, he has your name.
They would like to read the result before it is public. I said yes to that.`,
		},
		{
			At: "2026-11-06 17:40", By: "priya", Do: "update", Team: "trip-store",
			Readers: []string{"jonas", "deniz"},
			Point:   "Handover for the weekend: all stores are steady, nothing is half done, one thing to know about Sunday.",
			Body: `**State.** All 14 feeds arrive. Longest hold this week: 3 min 40 s in San Francisco, on Monday.

**Risky.** On Sunday at 04:00 in Porto the operator changes its server. If the feed stops then, that is announced; it comes back by
06:00. Only if it is still silent at 06:30 is it worth a crisis.

**Asks.** None. Have a quiet weekend.`,
		},
		{
			At: "2026-11-08 21:30", By: "jonas", Do: "update", Ref: "replay-first", Team: "trip-store",
			Point: "The first replay is right: Sunday 25 October, with its hour twice, comes out the same to the last trip. It takes 11 minutes.",
			Body: `I know that it is Sunday; nobody has to read it before Monday.

What “the same” means: 61,204 trip updates in, and the store afterwards is equal, byte for byte, to the backup of that night. The hour
from 02:00 to 03:00 is there twice and in the right order.

What is not good yet: 11 minutes for a quiet day means more than half an hour for a weekday. Most of the time goes into opening files,
one for each minute. I will read them in larger pieces.

**Next:** an ordinary weekday by Monday 16 November, and 7 October in Bursa after that.`,
		},
	}
}
