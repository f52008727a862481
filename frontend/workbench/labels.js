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

export function labelTables() {
  label(document);
  document.addEventListener("htmx:after:swap", () => label(document));
}
