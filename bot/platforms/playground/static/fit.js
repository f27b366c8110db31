// What is wider than its bubble: rows of buttons wrap into even columns, code says that it goes on.

/** Fit everything inside `root`; where nothing is laid out yet, it is fitted when it is shown. */
export function fit(root) {
  const rows = [...root.querySelectorAll(".row")].filter((row) => row.childElementCount > 1);
  rows.forEach((row) => row.classList.remove("even"));
  // All is measured before anything is changed, so that the page is laid out only once.
  const columns = rows.map(columnsOf);
  rows.forEach((row, at) => {
    row.classList.toggle("even", columns[at] > 0);
    row.style.setProperty("--columns", columns[at]);
  });
  root.querySelectorAll(".code pre").forEach(hint);
}

/** Show at which edge a piece of code goes on. */
export function hint(pre) {
  const rest = pre.scrollWidth - pre.clientWidth - pre.scrollLeft;
  pre.parentElement.classList.toggle("goes-on", rest > 1);
  pre.parentElement.classList.toggle("came-from", pre.scrollLeft > 1);
}

/** Return into how many columns a row must wrap: as few lines as there can be, all about as long; 0 when it fits. */
function columnsOf(row) {
  if (row.scrollWidth <= row.clientWidth) return 0;
  const gap = parseFloat(getComputedStyle(row).columnGap);
  const widest = Math.max(...[...row.children].map((button) => button.getBoundingClientRect().width));
  const fitting = Math.max(1, Math.floor((row.clientWidth + gap) / (widest + gap)));
  const lines = Math.ceil(row.childElementCount / fitting);
  return Math.ceil(row.childElementCount / lines);
}
