/** Small steps on the page that write only what has changed. */
import { SHAPES } from "./severity.js";

/** @param {ParentNode} root @param {string} selector @param {string} text */
export function write(root, selector, text) {
  const element = root.querySelector(selector);
  if (element && element.textContent !== text) element.textContent = text;
}

/** @param {Element | null} element @param {string} name @param {string | number} value */
export function set(element, name, value) {
  if (element && element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/** The shape of a level, hidden from readers of screens because its word stands beside it.
 * @param {string} level @returns {SVGSVGElement} */
export function shape(level) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("class", `shape shape--${level}`);
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[level] ?? "");
  svg.append(path);
  return svg;
}

/** @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {string} name class @param {...(Node | string)} children @returns {HTMLElementTagNameMap[T]} */
export function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
}

/** Chooses an option of a list, where the page has the list and the option.
 * @param {string | undefined} selector @param {string} value */
export function choose(selector, value) {
  const list = selector ? document.querySelector(selector) : null;
  if (list instanceof HTMLSelectElement && [...list.options].some((one) => one.value === value)) list.value = value;
}
