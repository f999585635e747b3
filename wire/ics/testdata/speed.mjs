// Measures ical.js on a file of one calendar, as speed.c does libical.
//
//	npm install ical.js && node speed.mjs FILE TO
import fs from "node:fs";
import ICAL from "ical.js";

const [file, to] = [process.argv[2], Number(process.argv[3])];
const text = fs.readFileSync(file, "utf8");
const cpu = () => process.cpuUsage().user / 1e6;

let jcal, rounds = 0, began = cpu();
do {
	jcal = ICAL.parse(text);
	rounds++;
} while (cpu() - began < 3);
console.log(`parse ${((Buffer.byteLength(text) * rounds) / (cpu() - began) / 1e6).toFixed(1)} MB/s`);

const events = new ICAL.Component(jcal).getAllSubcomponents("vevent");
let n = 0, sum = 0;
rounds = 0;
began = cpu();
do {
	n = sum = 0;
	for (const e of events) {
		const start = e.getFirstPropertyValue("dtstart");
		const it = e.getFirstPropertyValue("rrule").iterator(start);
		for (let t = it.next(); t; t = it.next()) {
			const at = t.toUnixTime();
			if (at >= to) break;
			n++;
			sum += at;
		}
	}
	rounds++;
} while (cpu() - began < 3);
console.log(`expand ${((n * rounds) / (cpu() - began) / 1e6).toFixed(2)} M/s, ${n} instances, sum ${sum}`);
