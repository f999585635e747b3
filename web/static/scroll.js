// A table that is wider than its place is scrolled by the keyboard too; most
// browsers do so by themselves.

export function reachTables() {
  const look = () => {
    for (const table of document.querySelectorAll(".prose table")) {
      if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
      else table.removeAttribute("tabindex");
    }
  };
  look();
  addEventListener("resize", look);
}
