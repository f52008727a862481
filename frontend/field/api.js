/** Asking the server: what was fetched is kept for a day without network, and not fetched twice. */
import { keep, recall } from "./store.js";

const PATIENCE_MS = 60_000;

/** An answer that is no good: its status (0 for none at all) and what it says. */
export class Unanswered extends Error {
  /** @param {number} status @param {{code?: string, message?: string}} [body] */
  constructor(status, body = {}) {
    super(`${status} ${body.code ?? ""}`);
    this.status = status;
    this.body = body;
  }
}

/** @typedef {{key: string, label: string, reports: boolean, collects: boolean, handles: boolean, now: string, token: string}} Person */

/** @param {string} path @param {RequestInit} [how] @returns {Promise<Response>} */
export async function call(path, how = {}) {
  try {
    return await fetch(path, { ...how, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new Unanswered(0);
  }
}

/** @param {Response} answer @returns {Promise<any>} */
export async function told(answer) {
  return answer.json().catch(() => ({}));
}

/** Who is signed in on this phone now. @returns {Promise<Person>} */
export async function person() {
  const answer = await call("/api/field/person", { cache: "no-store" });
  const body = await told(answer);
  if (!answer.ok) throw new Unanswered(answer.status, body);
  return body;
}

/** What is there for this person, asked anew; null where it is what the phone has. @param {string} owner @param {string} name @returns {Promise<any>} */
export async function fetched(owner, name) {
  const key = `${owner}|${name}`;
  const before = await recall(key);
  const headers = before?.tag ? { "If-None-Match": before.tag } : undefined;
  const answer = await call(`/api/field/${name}`, { headers, cache: "no-store" });
  if (answer.status === 304) return null;
  if (!answer.ok) throw new Unanswered(answer.status, await told(answer));
  const text = await answer.text();
  const data = JSON.parse(text);
  await keep(key, { tag: answer.headers.get("ETag"), data, at: Date.now(), size: text.length });
  return data;
}

/** What the phone has of it. @param {string} owner @param {string} name @returns {Promise<any>} */
export const held = async (owner, name) => (await recall(`${owner}|${name}`))?.data ?? null;
