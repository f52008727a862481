/** Spans of time in words, from the page's own words. */
import { say } from "./words.js";

/** @param {number} seconds @returns {string} 00:12:08 */
export function clockSpan(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** @param {number} seconds @returns {string} "12 分钟", "3.5 小时", "2 天" */
export function roughSpan(seconds) {
  const whole = Math.max(0, seconds);
  if (whole < 60) return say("span.seconds", { n: Math.floor(whole) });
  if (whole < 3600) return say("span.minutes", { n: Math.floor(whole / 60) });
  if (whole < 86400) return say("span.hours", { n: Math.floor(whole / 360) / 10 });
  return say("span.days", { n: Math.floor(whole / 8640) / 10 });
}
