import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Fall, pauseAfter } from './restart-policy';

/** The output of a process: a line of text, or a message over its channel. */
export type Said =
  | { readonly kind: 'line'; readonly from: 'stdout' | 'stderr'; readonly line: string }
  | { readonly kind: 'message'; readonly message: unknown };

export type ServiceLog = {
  /** A line that a service's process wrote. */
  line(service: string, from: 'stdout' | 'stderr', line: string): void;
  /** Reports to the operator, for example that a process has ended or is ready again. */
  say(text: string): void;
};

type ServiceSpec<Ready> = {
  readonly name: string;
  /** Work to do before each start, such as a build. */
  readonly prepare?: () => Promise<unknown>;
  /** Starts one process, in its own process group (`detached`) and with its output on pipes. */
  readonly start: () => ChildProcess;
  /**
   * Returns the facts of the process's ready message; undefined for everything else. That line isn't logged: it may
   * contain keys.
   */
  readonly ready: (said: Said) => Ready | undefined;
  /** Called each time it is ready, including the first. */
  readonly onUp?: (facts: Ready) => void;
  /** Called with messages over its channel once it is ready. */
  readonly onMessage?: (message: unknown) => void;
  /** Called each time its status has changed. */
  readonly onStatus?: () => void;
  readonly stopSignal: NodeJS.Signals;
  /** After this time a stopping process is killed, with its whole group. */
  readonly stopWithinMs: number;
  /** The longest pause between two attempts to start it; 5 s by default. */
  readonly longestPauseMs?: number;
  readonly log: ServiceLog;
};

export type ServiceStatus =
  | { readonly kind: 'starting' | 'up' /** Epoch ms. */; readonly since: number }
  /** It ended, or can't be started, and is being retried. */
  | {
      readonly kind: 'failing';
      /** Since when it has been down, in epoch ms. */
      readonly since: number;
      readonly tries: number;
      /** One sentence for the on-call operator. It is shown in health, so it contains no output of the process. */
      readonly reason: string;
    }
  | { readonly kind: 'stopped'; readonly since: number };

export type SupervisedService<Ready> = {
  readonly name: string;
  /** Resolves when it is ready for the first time, however long that takes. */
  readonly ready: Promise<Ready>;
  /** Resolves when it is ready for the first time or its first attempt has failed: others need not wait longer. */
  readonly tried: Promise<void>;
  status(): ServiceStatus;
  /** Sends the process a message over its channel; does nothing if it has no channel or is not running. */
  send(message: object): void;
  /** Resolves when the process and its group have ended. */
  stop(): Promise<void>;
  /** Kills it immediately. */
  kill(): void;
  /** Restarts it at once: something that it was passed at its start is no longer valid. */
  restart(why: string): void;
};

type State =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly child: ChildProcess }
  | { readonly kind: 'pausing'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'over' };

/** For the output of commands that prepare a start, such as a build. */
const DETAILS_SHOWN = 20;
const OUTPUT_BOUND_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
/** The first failures in a row are each reported at the terminal; later ones once a minute. */
const TOLD_AT_ONCE = 3;
const TELL_EVERY_MS = 60_000;

/**
 * Keeps one process alive until it is stopped. A process that can't be started or keeps ending is retried for as long
 * as that takes; it ends nothing else.
 */
export function supervise<Ready>(spec: ServiceSpec<Ready>): SupervisedService<Ready> {
  const ready = createPromise<Ready>();
  const tried = createPromise<void>();
  let state: State = { kind: 'starting' };
  let status: ServiceStatus = { kind: 'starting', since: Date.now() };
  let stopping = false;
  let falls: readonly Fall[] = [];
  let failures = 0;
  let toldAt = 0;
  let gone = createPromise<void>();

  const become = (next: ServiceStatus): void => {
    status = next;
    spec.onStatus?.();
  };

  /** Handles the end of the process, or a failed start: it is restarted after a pause, unless it was stopped. */
  const fall = (reason: string, details: readonly string[], how: Omit<Fall, 'at'>): void => {
    gone.resolve();
    tried.resolve();
    if (stopping) {
      state = { kind: 'over' };
      become({ kind: 'stopped', since: Date.now() });
      return;
    }
    const now = Date.now();
    const { pauseMs, remember } = pauseAfter(
      [...falls, { at: now, ...how }],
      spec.longestPauseMs ?? LONGEST_PAUSE_MS,
    );
    falls = remember;
    failures = how.wasReady ? 1 : failures + 1;
    if (failures <= TOLD_AT_ONCE || now - toldAt >= TELL_EVERY_MS) {
      toldAt = now;
      const often = failures <= TOLD_AT_ONCE ? '' : ` (${failures} times in a row)`;
      const more = details.map((line) => `\n  ${line}`).join('');
      spec.log.say(`${reason}${often}; starting it again${more}`);
    }
    const since = status.kind === 'failing' ? status.since : now;
    become({ kind: 'failing', since, tries: failures, reason });
    state = { kind: 'pausing', timer: setTimeout(() => void launch(), pauseMs) };
  };

  const launch = async (): Promise<void> => {
    state = { kind: 'starting' };
    gone = createPromise<void>();
    let child: ChildProcess;
    try {
      await spec.prepare?.();
      if (stopping) return;
      // Listeners are attached before it can send anything: a start that fails reports that at once.
      child = spec.start();
    } catch (error) {
      if (stopping) return;
      // Its first line is the reason; the rest may be the output of a command.
      const [reason, ...details] = errorMessage(error).split('\n');
      fall(`${spec.name} could not be started: ${reason}`, details.slice(-DETAILS_SHOWN), {
        wasReady: false,
        wasKilled: false,
      });
      return;
    }
    state = { kind: 'running', child };
    let isReady = false;
    /** The reason why this process is unusable, if that is not its exit code; the first reason counts. */
    let fault: string | null = null;
    const condemn = (reason: string): void => {
      fault ??= reason;
      child.kill('SIGKILL');
    };
    const hear = (said: Said): void => {
      const facts = isReady ? undefined : spec.ready(said);
      if (facts !== undefined) {
        isReady = true;
        const isBack = failures > 0;
        failures = 0;
        become({ kind: 'up', since: Date.now() });
        ready.resolve(facts);
        tried.resolve();
        if (isBack) spec.log.say(`${spec.name} is up again`);
        spec.onUp?.(facts);
      } else if (said.kind === 'message') {
        if (isReady) spec.onMessage?.(said.message);
        else fault ??= faultIn(spec.name, said.message);
      } else {
        spec.log.line(spec.name, said.from, said.line);
      }
    };
    /** Handles a message without letting it end this process: a malformed message is a defect of the sender. */
    const hearSafely = (said: Said): void => {
      try {
        hear(said);
      } catch (error) {
        const reason = `${spec.name} said something that can't be used: ${errorMessage(error)}`;
        if (isReady) spec.log.say(reason);
        else condemn(reason);
      }
    };
    for (const from of ['stdout', 'stderr'] as const) {
      const stream = child[from];
      if (stream) {
        createInterface({ input: stream }).on('line', (line) => hearSafely({ kind: 'line', from, line }));
      }
    }
    child.on('message', (message) => hearSafely({ kind: 'message', message }));
    child.on('error', (error) => {
      // It could not be started at all, and no 'exit' follows.
      if (child.pid === undefined) {
        fall(`${spec.name} could not be started: ${error.message}`, [], {
          wasReady: false,
          wasKilled: false,
        });
      }
    });
    // 'close' follows 'exit', when the output has been read to its end as well.
    child.on('exit', () => {
      killGroup(child);
      // An unrelated process that inherited the output would delay 'close' for as long as it lives.
      const bound = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, OUTPUT_BOUND_MS);
      child.once('close', () => clearTimeout(bound));
    });
    child.on('close', (code, signal) => {
      if (child.pid === undefined) return;
      const wasKilled = signal === 'SIGKILL' && fault === null;
      fall(fault ?? `${spec.name} ended with ${signal ?? `code ${code}`}`, [], {
        wasReady: isReady,
        wasKilled,
      });
    });
  };

  const terminate = (child: ChildProcess): void => {
    child.kill(spec.stopSignal);
    const bound = setTimeout(() => {
      spec.log.say(`${spec.name} did not stop within ${spec.stopWithinMs / 1000} s; killing it`);
      child.kill('SIGKILL');
    }, spec.stopWithinMs);
    child.once('exit', () => clearTimeout(bound));
  };

  void launch();
  return {
    name: spec.name,
    ready: ready.promise,
    tried: tried.promise,
    status: () => status,
    send(message) {
      // If the channel closes meanwhile, the process's end reports it.
      if (state.kind === 'running' && state.child.connected) state.child.send(message, () => {});
    },
    async stop() {
      if (stopping) return gone.promise;
      stopping = true;
      if (state.kind === 'running') {
        terminate(state.child);
        return gone.promise;
      }
      // Its preparation, such as a build, may take minutes: a stop does not wait for that.
      if (state.kind === 'pausing') clearTimeout(state.timer);
      state = { kind: 'over' };
      gone.resolve();
      return gone.promise;
    },
    kill() {
      stopping = true;
      if (state.kind === 'running') {
        state.child.kill('SIGKILL');
        killGroup(state.child);
      }
    },
    restart(why) {
      spec.log.say(`${spec.name}: ${why}`);
      if (state.kind === 'running') state.child.kill('SIGKILL');
    },
  };
}

/**
 * Returns the reason of a process that can't start and reports it in a form fit for health: `{ type: 'failed', reason
 * }`.
 */
function faultIn(name: string, message: unknown): string | null {
  if (typeof message !== 'object' || message === null || !('type' in message) || !('reason' in message))
    return null;
  if (message.type !== 'failed' || typeof message.reason !== 'string') return null;
  return `${name} can't start: ${message.reason.slice(0, 500).replace(/\.$/, '')}`;
}

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Kills what a dead process left in its group. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function createPromise<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((whenDone) => {
    resolve = whenDone;
  });
  return { promise, resolve };
}
