/** What was drawn, step by step: back and forth. */

const MOST_STEPS = 200;

/** @template T */
export class Past {
  /** @type {T[]} */
  gone = [];
  /** @type {T[]} */
  coming = [];

  /** @param {T} now */
  constructor(now) {
    this.now = now;
  }

  /** @param {T} next */
  step(next) {
    this.gone = [...this.gone, this.now].slice(-MOST_STEPS);
    this.coming = [];
    this.now = next;
  }

  /** @returns {boolean} whether there was a step to go back */
  undo() {
    if (!this.gone.length) return false;
    this.coming.push(this.now);
    this.now = /** @type {T} */ (this.gone.pop());
    return true;
  }

  /** @returns {boolean} whether there was a step to do again */
  redo() {
    if (!this.coming.length) return false;
    this.gone.push(this.now);
    this.now = /** @type {T} */ (this.coming.pop());
    return true;
  }
}
