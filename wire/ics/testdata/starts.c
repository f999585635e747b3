/* Prints what libical makes of calendars: a line for each instance of each VEVENT
 * that starts in [from, to): its UID, RECURRENCE-ID (0 for none), start and end in
 * seconds, its status. Replaced instances are left to the reader, as libical
 * leaves them to its callers.
 *
 *   cc -o starts starts.c -lical && ./starts FILE FROM TO
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static time_t from, to;
static icalcomponent *now;

static time_t at(struct icaltimetype t)
{
	return icaltime_as_timet_with_zone(t, t.zone ? t.zone : icaltimezone_get_utc_timezone());
}

static void found(icalcomponent *c, struct icaltime_span *span, void *data)
{
	(void)data;
	if (span->start < from || span->start >= to)
		return;
	const char *uid = icalcomponent_get_uid(c);
	icalproperty *r = icalcomponent_get_first_property(c, ICAL_RECURRENCEID_PROPERTY);
	time_t replaces = r ? at(icalproperty_get_datetime_with_component(r, c)) : 0;
	printf("%s\t%lld\t%lld\t%lld\t%d\n", uid ? uid : "", (long long)replaces, (long long)span->start, (long long)span->end,
	       icalcomponent_get_status(c) == ICAL_STATUS_CANCELLED);
}

static void walk(icalcomponent *c)
{
	if (icalcomponent_isa(c) == ICAL_VEVENT_COMPONENT) {
		now = c;
		struct icaltimetype a = icaltime_from_timet_with_zone(from, 0, icaltimezone_get_utc_timezone());
		struct icaltimetype b = icaltime_from_timet_with_zone(to, 0, icaltimezone_get_utc_timezone());
		icalcomponent_foreach_recurrence(c, a, b, found, NULL);
		return;
	}
	for (icalcomponent *k = icalcomponent_get_first_component(c, ICAL_ANY_COMPONENT); k; k = icalcomponent_get_next_component(c, ICAL_ANY_COMPONENT))
		walk(k);
}

static char *line(char *s, size_t n, void *f) { return fgets(s, (int)n, f); }

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	from = atoll(argv[2]);
	to = atoll(argv[3]);
	FILE *f = fopen(argv[1], "r");
	if (!f)
		return 1;
	icalparser *p = icalparser_new();
	icalparser_set_gen_data(p, f);
	for (;;) {
		icalcomponent *c = icalparser_parse(p, line);
		if (!c)
			break;
		walk(c);
		icalcomponent_free(c);
		if (feof(f))
			break;
	}
	return 0;
}
