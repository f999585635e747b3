// What the pages do beyond themselves. Everything works without this script;
// with it, readers see sooner when something arrives, and nothing typed is lost.
// One module a subject; only swap.js turns text into elements.
import { watchAlarms } from "./alarms.js";
import { attachFiles } from "./attach.js";
import { offerCopies } from "./copy.js";
import { keepWords, forgetWords } from "./drafts.js";
import { listenForKeys } from "./keys.js";
import { pickPeople } from "./people.js";
import { preview } from "./preview.js";
import { reachTables } from "./scroll.js";
import { proposeZone } from "./zone.js";

forgetWords();
pickPeople();
attachFiles(); // before the words are kept: a form waits for its files
keepWords();
preview();
offerCopies();
listenForKeys();
proposeZone();
reachTables();
watchAlarms();
