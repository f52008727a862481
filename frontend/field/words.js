/** The sentences of the app: the page carries both languages, so that a phone without network can change between them. */
import { pageData } from "../lib/words.js";

const COOKIE = "django_language";
const YEAR_S = 365 * 24 * 3600;

/** @type {Record<string, Record<string, string>>} */
const WORDS = pageData("field-words") ?? {};

/** @returns {"zh" | "en"} */
export const language = () => (document.documentElement.lang.startsWith("en") ? "en" : "zh");

/** What was chosen on this phone, in the workbench or here; else what the browser speaks. */
export function beginLanguage() {
  const chosen = document.cookie.match(/(?:^|; )django_language=([\w-]+)/)?.[1] ?? navigator.language;
  document.documentElement.lang = chosen.toLowerCase().startsWith("en") ? "en" : "zh-Hans";
}

/** The server answers in it too. @param {"zh" | "en"} wanted */
export function speak(wanted) {
  document.documentElement.lang = wanted === "en" ? "en" : "zh-Hans";
  document.cookie = `${COOKIE}=${wanted === "en" ? "en" : "zh-hans"}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

/** @param {string} key @param {Record<string, string | number>} [values] */
export function say(key, values = {}) {
  return (WORDS[language()]?.[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** @param {{zh?: string, en?: string} | null | undefined} names */
export const pick = (names) => names?.[language()] ?? names?.zh ?? names?.en ?? "";

/** @param {number} bytes */
export function megabytes(bytes) {
  const [value, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1e3), "KB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${new Intl.NumberFormat(language(), { maximumFractionDigits: value < 100 && unit !== "KB" ? 1 : 0 }).format(value)} ${unit}`;
}

/** @param {string | number} moment */
export function clockTime(moment) {
  const at = new Date(moment);
  const today = new Date().toDateString() === at.toDateString();
  /** @type {Intl.DateTimeFormatOptions} */
  const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(today ? {} : { month: "numeric", day: "numeric" }) };
  return new Intl.DateTimeFormat(language() === "en" ? "en-GB" : "zh-CN", shape).format(at);
}

/** How long until then, or since then. @param {number} ms */
export function span(ms) {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 60) return say("span.minutes", { n: minutes });
  const hours = Math.round(minutes / 6) / 10;
  return hours < 48 ? say("span.hours", { n: hours }) : say("span.days", { n: Math.round(hours / 2.4) / 10 });
}
