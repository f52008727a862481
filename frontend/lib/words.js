/** Words and facts the page carries as JSON scripts: no island owns a sentence. */

/** @param {string} id @returns {any} the parsed JSON script of that id, or null */
export function pageData(id) {
  const element = document.getElementById(id);
  return element?.textContent ? JSON.parse(element.textContent) : null;
}

/** @type {Record<string, string> | undefined} */
let words;

/**
 * The sentence of a key in the page's language, with {name} filled in; the key itself where the page forgot it.
 * @param {string} key @param {Record<string, string | number>} [values]
 */
export function say(key, values = {}) {
  /** @type {Record<string, string>} */
  const known = (words ??= { ...pageData("words"), ...pageData("page-words") });
  return (known[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** @returns {"zh" | "en"} */
export function language() {
  return document.documentElement.lang.startsWith("en") ? "en" : "zh";
}

/** @param {{zh?: string, en?: string} | null | undefined} names @returns {string} */
export function pick(names) {
  if (!names) return "";
  return names[language()] ?? names.zh ?? names.en ?? "";
}
