/** The sandbox's time. Times are epoch milliseconds. */
export interface SandboxClock {
  now(): number;
  /**
   * Runs `work` once at `time`; if that has passed, soon, but never within this call.
   * @returns a function that cancels it.
   */
  at(time: number, work: () => void): () => void;
}

/** The machine's time and timers, on which a clock runs. */
export type Machine = {
  now(): number;
  /** @returns a function that cancels it. */
  after(ms: number, work: () => void): () => void;
};

/** Longer waits overflow: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestWaitMs = 2 ** 31 - 1;

/** This machine's timers don't keep the process alive. */
const thisMachine: Machine = {
  now: () => Date.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** The machine's time, or a clock that runs `rate` times as fast: 0 = stopped and advanced manually. */
export type ClockMode =
  | { readonly mode: 'real' }
  | { readonly mode: 'virtual'; readonly now: number; readonly rate: number };

type Timer = { readonly time: number; readonly work: () => void };

/**
 * The clock of a sandbox: real, stopped, or fast. It can be switched at any time. Timers fire in the order of their
 * times, never early, and none is lost by a switch. When the clock is set back, timers keep waiting for their time.
 */
export class SwitchableClock implements SandboxClock {
  readonly #machine: Machine;
  #mode: ClockMode = { mode: 'real' };
  /** The machine's time when the mode was set. */
  #since = 0;
  /** The current position while time is being moved manually. */
  #passing: number | null = null;
  /** In the order in which they fire. */
  #timers: Timer[] = [];
  #unset: () => void = () => {};

  constructor(machine: Machine = thisMachine) {
    this.#machine = machine;
  }

  now(): number {
    if (this.#passing !== null) return this.#passing;
    const machine = this.#machine.now();
    if (this.#mode.mode === 'real') return machine;
    return this.#mode.now + Math.floor(Math.max(0, machine - this.#since) * this.#mode.rate);
  }

  mode(): ClockMode {
    return this.#mode.mode === 'real' ? this.#mode : { ...this.#mode, now: this.now() };
  }

  at(time: number, work: () => void): () => void {
    const timer: Timer = { time, work };
    const place = this.#timers.findLastIndex((other) => other.time <= time) + 1;
    this.#timers.splice(place, 0, timer);
    if (place === 0) this.#set();
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index < 0) return;
      this.#timers.splice(index, 1);
      if (index === 0) this.#set();
    };
  }

  /** Follows the machine's time again, even if that makes the clock jump. */
  setReal(): void {
    this.#mode = { mode: 'real' };
    this.#set();
  }

  /** Continues from the current time at `rate` times the machine's speed; 0 stops the clock. */
  setVirtual(rate: number): void {
    this.#hold(this.now(), rate);
    this.#set();
  }

  /**
   * Moves a virtual clock to a time; does nothing while the clock follows the machine. Forwards, each timer that comes
   * due fires at its own time. Backwards, nothing fires.
   */
  moveTo(time: number): void {
    if (this.#mode.mode === 'real') return;
    const { rate } = this.#mode;
    this.#passing = this.now();
    try {
      for (let next = this.#timers[0]; next && next.time <= time; next = this.#timers[0]) {
        this.#timers.shift();
        this.#passing = Math.max(this.#passing, next.time);
        next.work();
      }
    } finally {
      this.#passing = null;
      this.#hold(time, rate);
      this.#set();
    }
  }

  #hold(now: number, rate: number): void {
    this.#mode = { mode: 'virtual', now, rate };
    this.#since = this.#machine.now();
  }

  /** Sets the machine's timer for the next sandbox timer. */
  #set(): void {
    this.#unset();
    this.#unset = () => {};
    const [next] = this.#timers;
    if (!next || this.#passing !== null) return;
    const rate = this.#mode.mode === 'real' ? 1 : this.#mode.rate;
    const ahead = Math.max(0, next.time - this.now());
    if (ahead > 0 && rate === 0) return;
    const wait = ahead === 0 ? 0 : Math.min(longestWaitMs, Math.ceil(ahead / rate));
    this.#unset = this.#machine.after(wait, () => this.#wake());
  }

  /**
   * Fires what is due. Timers added by the callbacks wait for the next call, so that repeating work does not block
   * anything.
   */
  #wake(): void {
    const now = this.now();
    const later = this.#timers.findIndex((timer) => timer.time > now);
    const due = this.#timers.slice(0, later < 0 ? this.#timers.length : later);
    try {
      for (const timer of due) {
        const index = this.#timers.indexOf(timer);
        // Cancelled by a timer that fired before it.
        if (index < 0) continue;
        this.#timers.splice(index, 1);
        timer.work();
      }
    } finally {
      this.#set();
    }
  }
}

const beijingOffsetMs = 8 * 3_600_000;

/**
 * Formats a time as CLB, SCF and DNSPod return it: `2024-12-17 17:52:48`, without a zone, in Beijing time (UTC+8).
 * Assumption: the API pages show the format but do not name the zone.
 */
export function cloudTime(epochMs: number): string {
  return new Date(epochMs + beijingOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * Formats a time in the other format, used by CVM and the versions of CAM's policies: `2019-08-09T10:31:47Z`, in UTC to
 * the second.
 */
export function isoTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
