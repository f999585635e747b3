// A crisis reaches a reader who does not move: the page asks now and then
// whether one runs that needs them. Nothing else is ever asked for like this.
import { ask } from "./swap.js";

const open = 20_000; // ms between two looks while the page is seen
const hidden = 60_000; // and while it is not

export function watchAlarms() {
  const place = () => document.getElementById("alarms");
  if (!place()?.dataset.alarms) return;
  const title = document.title;
  const look = async () => {
    try {
      const news = (await ask(place().dataset.alarms)).getElementById("alarms");
      if (news && !news.isEqualNode(place())) {
        place().replaceWith(document.importNode(news, true));
        const word = place().querySelector("strong")?.textContent.trim();
        document.title = word ? `${word} · ${title}` : title;
      }
    } catch {
      // Tried again soon.
    }
    setTimeout(look, document.hidden ? hidden : open);
  };
  setTimeout(look, open);
}
