/** What tables need beyond their markup: headings for stacked cells, and keys for those that are wider than the page. */

/** On a narrow screen the rows of a table stand one below the other; each value then bears the heading of its column. */

/** @param {ParentNode} root */
function label(root) {
  for (const table of root.querySelectorAll("table.list--stack")) {
    const heads = [...table.querySelectorAll("thead th")].map((one) => (one.querySelector(".visually-hidden") ? "" : one.textContent?.replace(/\s+/g, " ").trim() ?? ""));
    for (const row of table.querySelectorAll("tbody tr")) {
      for (const [n, cell] of [...row.children].entries()) {
        if (n > 0 && heads[n] && cell instanceof HTMLElement && row.children.length > 1) cell.dataset.label = heads[n];
      }
    }
  }
}

/** A table wider than its place is scrolled with the arrow keys, so it can be reached and says what it is. */
const widths = new ResizeObserver((seen) => {
  for (const { target } of seen) if (target instanceof HTMLElement) reach(target);
});

/** @param {HTMLElement} wrap */
function reach(wrap) {
  if (wrap.scrollWidth <= wrap.clientWidth || wrap.hasAttribute("tabindex")) return;
  const name = nameOf(wrap);
  if (!name) return;
  wrap.tabIndex = 0;
  wrap.setAttribute("role", "region");
  wrap.setAttribute("aria-label", name);
}

/** Its caption, else the heading above it; numbered where another region is called so. @param {HTMLElement} wrap */
function nameOf(wrap) {
  const above = [...document.querySelectorAll("h1, h2, h3")].filter((one) => one.compareDocumentPosition(wrap) & Node.DOCUMENT_POSITION_FOLLOWING);
  const told = (wrap.querySelector("caption") ?? above.at(-1))?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  const called = [...document.querySelectorAll("[aria-labelledby]")].map((one) => document.getElementById(one.getAttribute("aria-labelledby") ?? "")?.textContent?.replace(/\s+/g, " ").trim());
  const taken = new Set([...called, ...[...document.querySelectorAll("[aria-label]")].map((one) => one.getAttribute("aria-label"))]);
  let name = told;
  for (let n = 2; told && taken.has(name); n++) name = `${told} ${n}`;
  return name;
}

function prepare() {
  label(document);
  for (const wrap of document.querySelectorAll(".table-wrap:not([tabindex])")) widths.observe(wrap);
}

export function labelTables() {
  prepare();
  document.addEventListener("htmx:after:swap", prepare);
}
