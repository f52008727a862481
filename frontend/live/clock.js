/** The server's time, kept on a monotonic clock: changing the machine's clock moves nothing on the page. */

export class ServerClock {
  /** @param {() => number} [monotonic] milliseconds that never jump @param {() => number} [local] the machine's clock */
  constructor(monotonic = () => performance.now(), local = () => Date.now()) {
    this.monotonic = monotonic;
    this.local = local;
    /** Server milliseconds minus monotonic milliseconds; until told, the machine's own clock. */
    this.offset = local() - monotonic();
    /** How often the server has told its time. */
    this.heard = 0;
  }

  /** The server said this time just now. Late messages only ever make it too old, so the highest offset wins,
   * except that a real step of the server's clock (over 5 s) is believed at once. @param {string} iso */
  told(iso) {
    const offset = Date.parse(iso) - this.monotonic();
    if (!Number.isFinite(offset)) return;
    if (!this.heard || offset > this.offset || this.offset - offset > 5000) this.offset = offset;
    this.heard += 1;
  }

  /** @returns {number} server time, milliseconds since 1970 */
  now() {
    return this.monotonic() + this.offset;
  }

  /** @returns {number} how far the machine's own clock is ahead of the server, milliseconds */
  drift() {
    return this.local() - this.now();
  }
}

/** The page's one clock. */
export const serverClock = new ServerClock();
