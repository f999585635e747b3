// Proposes the browser's time zone where one is asked for and none is given.

export function proposeZone() {
  const field = document.querySelector("input[data-zone]");
  if (field && field.value === "") field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
