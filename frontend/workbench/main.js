/** Entry of every page but the wall. The map (MapLibre) and the feed come only where a page has them. */
import "../tokens.css";
import "./workbench.css";
import "../grid/grid.css";
import "../map/map.css";
import "./help.css";
import "htmx.org";
import { pageData } from "../lib/words.js";
import { serverClock } from "../live/clock.js";
import "./cc-files.js";
import "./cc-help.js";
import "./cc-sla.js";
import { listenToAlarmKeys } from "./alarm-keys.js";
import { labelTables } from "./labels.js";
import { listenToYears } from "./year.js";

listenToYears();
listenToAlarmKeys();
labelTables();

const told = pageData("server-time");
if (told) serverClock.told(told);

if (document.querySelector("cc-map")) import("../map/cc-map.js");
if (document.querySelector("cc-cells")) import("../grid/cc-cells.js");
if (document.querySelector("cc-grid-editor")) import("../grid/cc-grid-editor.js");
if (document.querySelector("cc-shape-editor")) import("../draw/cc-shape-editor.js");
if (document.querySelector("cc-grid-moves")) import("../grid/cc-grid-moves.js");
if (document.querySelector("cc-grid-compare")) import("../grid/cc-grid-compare.js");
if (document.querySelector("cc-atlas")) import("../map/cc-atlas.js");
if (document.querySelector("cc-annotate")) import("./cc-annotate.js");
if (document.querySelector("cc-zone")) import("../draw/cc-zone.js");
if (document.querySelector("[data-key]")) import("./keys.js");
if (document.querySelector("cc-live")) import("./cc-live.js");
if (document.querySelector("cc-inbox")) import("./cc-inbox.js");

/** "/" goes to the search, as the placeholder says; never while somebody is typing. */
document.addEventListener("keydown", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target?.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.getElementById("site-search");
  if (!search) return;
  event.preventDefault();
  search.focus();
});

/** Copies what a field holds, says so on the button; where the browser forbids it, the text is chosen for copying by hand. */
document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
  if (!(button instanceof HTMLElement)) return;
  const field = document.getElementById(button.dataset.copy ?? "");
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied ?? button.textContent;
  } catch {
    field.focus();
  }
});

/** A chosen standard text goes into its field, behind what was typed already; the choice is then free again. */
document.addEventListener("change", (event) => {
  const select = event.target;
  if (!(select instanceof HTMLSelectElement) || !select.dataset.insert) return;
  const field = document.getElementById(select.dataset.insert);
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) || !select.value) return;
  field.value = field.value.trim() ? `${field.value.trimEnd()} ${select.value}` : select.value;
  select.value = "";
  field.focus();
});
