/* When a page asks the server again. */

const RELAXATION = 1.5;

/** With this, what Jenkins sends to an idle page stays below a kilobyte a minute: the headers of one answer. */
const SLOWEST_MILLISECONDS = 60000;

/** Asks again and again: soon after something has changed or somebody is at the page, ever later after that, never while it is hidden. */
export class Poll {
  /** @param ask how long to wait until the next time, in milliseconds; null where nothing has changed */
  constructor(ask, quickest) {
    this.ask = ask;
    this.quickest = quickest;
    this.pause = quickest;
    this.askedAt = 0;
    this.turn = 0;
    this.rests = false;
  }

  begin() {
    for (const event of ['pointermove', 'pointerdown', 'keydown']) {
      document.addEventListener(event, () => this.wake(), { passive: true });
    }
    document.addEventListener('visibilitychange', () => this.wake());
    window.addEventListener('focus', () => this.wake());
    this.round();
    return this;
  }

  /** Several may be under way, as after a click on a link; the last one that began says when to ask again. */
  async round() {
    clearTimeout(this.timer);
    this.rests = document.hidden;
    if (this.rests) {
      return;
    }
    this.turn += 1;
    const { turn } = this;
    this.askedAt = Date.now();
    let pause = null;
    try {
      pause = await this.ask();
    } finally {
      if (turn === this.turn) {
        this.pause = pause ?? Math.min(this.pause * RELAXATION, SLOWEST_MILLISECONDS);
        this.within(this.pause);
      }
    }
  }

  within(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.round(), milliseconds);
  }

  /** Somebody is there: what is shown is not older than they would expect, even if the clock was set back meanwhile. */
  wake() {
    if (!document.hidden && (this.rests || this.pause > this.quickest)) {
      this.rests = false;
      this.pause = this.quickest;
      this.within(Math.min(this.quickest, Math.max(0, this.askedAt + this.quickest - Date.now())));
    }
  }
}
