/* Measures libical on a file of one calendar, in CPU time of one thread: how fast
 * it is parsed, and how fast its rules are followed up to an instant, each
 * instance converted to seconds since 1970.
 *
 *   cc -O2 -o speed speed.c -lical && ./speed FILE TO
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double cpu(void) { return (double)clock() / CLOCKS_PER_SEC; }

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	FILE *f = fopen(argv[1], "r");
	if (!f)
		return 1;
	fseek(f, 0, SEEK_END);
	long size = ftell(f);
	rewind(f);
	char *text = malloc((size_t)size + 1);
	if (fread(text, 1, (size_t)size, f) != (size_t)size)
		return 1;
	text[size] = 0;
	time_t to = atoll(argv[2]);

	icalcomponent *c = NULL;
	int rounds = 0;
	double began = cpu();
	do {
		if (c)
			icalcomponent_free(c);
		c = icalparser_parse_string(text);
		rounds++;
	} while (cpu() - began < 3);
	printf("parse %.1f MB/s\n", (double)size * rounds / (cpu() - began) / 1e6);

	long long n = 0, sum = 0;
	rounds = 0;
	began = cpu();
	do {
		n = sum = 0;
		for (icalcomponent *e = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT); e; e = icalcomponent_get_next_component(c, ICAL_VEVENT_COMPONENT)) {
			struct icaltimetype start = icalcomponent_get_dtstart(e);
			icalproperty *p = icalcomponent_get_first_property(e, ICAL_RRULE_PROPERTY);
			if (!p)
				continue;
			struct icalrecurrencetype r = icalproperty_get_rrule(p);
			icalrecur_iterator *it = icalrecur_iterator_new(r, start);
			for (struct icaltimetype t = icalrecur_iterator_next(it); !icaltime_is_null_time(t); t = icalrecur_iterator_next(it)) {
				time_t at = icaltime_as_timet_with_zone(t, start.zone);
				if (at >= to)
					break;
				n++;
				sum += at;
			}
			icalrecur_iterator_free(it);
		}
		rounds++;
	} while (cpu() - began < 3);
	printf("expand %.2f M/s, %lld instances, sum %lld\n", (double)n * rounds / (cpu() - began) / 1e6, n, sum);
	return 0;
}
