import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { FunctionCgroup } from './cgroup';
import { type Call, type Reply, ReplyReader, type Setup } from './function-protocol';
import { coverInherited } from './inherited-descriptors';
import type { Invocation, InvocationResult } from './invocation';
import { type Command, SYSTEM_PATH } from './isolation';
import { killProcessesOf } from './kill-user';
import { memoryOf, processesOfUser, processTree } from './memory-usage';
import { watchMemory } from './memory-watch';
import { OutputCapture } from './output-capture';

/** Why there is no reply. */
type Silence =
  | { readonly kind: 'timeout' }
  /** The process and what it started had more memory together than the function has. */
  | { readonly kind: 'memory'; readonly peakKb: number }
  | { readonly kind: 'exited'; readonly detail: string; readonly signal: number | null };

/** How a call went. */
export type Run = Pick<Invocation, 'result' | 'durationMs' | 'memoryMb' | 'log'>;
export type RunLimits = {
  readonly timeoutS: number;
  readonly initTimeoutS: number;
  readonly memoryMb: number;
};

/** What a process of a function is started with beside its command. */
export type ProcessParts = {
  /** Whether the interpreter stumbles when the kernel refuses it memory, and never else. */
  readonly faultsAreMemory: boolean;
  /** Of this process alone; null: there is none, and its memory is watched from here. */
  readonly cgroup: FunctionCgroup | null;
  readonly log: Logger;
};

const START_TIMEOUT_MS = 20_000;
/** What interpreter, shells and page tables may need more while the code runs than before, in KB. */
const SLACK_KB = 16 * 1024;
const LAST_OUTPUT_MS = 200;
/** Characters of one piece of output that reach the sandbox's own log, and of a process's last words. */
const OUTPUT_SHOWN_MAX = 2000;
/** What V8 and the C++ library print before they end a process that has no memory left. */
const OUT_OF_MEMORY =
  /heap out of memory|process out of memory|std::bad_alloc|Array buffer allocation failed/;
/** How a program ends that has stumbled. */
const { SIGSEGV, SIGBUS, SIGILL, SIGTRAP } = constants.signals;
const FAULTS: readonly number[] = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP];
/**
 * Nothing of ours. One malloc arena, because each reserves address space that the limit of Python counts. NODE_ENV is
 * there because Next's types demand it; the bootstrap drops all of it before it runs code.
 */
const CLEAN_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: SYSTEM_PATH,
  LANG: 'C.UTF-8',
  MALLOC_ARENA_MAX: '1',
  NODE_ENV: 'production',
};

/**
 * One process of a function: started, given one call at a time, killed with everything that it started.
 * It leads a process group of its own and gets no descriptor but its pipes: output, the channel of the protocol, and one
 * that tells it by its end that the sandbox is gone.
 */
export class FunctionProcess {
  private readonly child: ChildProcess;
  private readonly channel: Duplex;
  private readonly reader = new ReplyReader();
  private readonly mark = `\0${randomUUID()}\n`;
  private readonly output = new OutputCapture(Buffer.from(this.mark));
  private waiting: ((reply: Reply | Silence) => void) | null = null;
  /** A reply whose output has not come yet. */
  private early: Reply | null = null;
  private marks = 0;
  private end: Silence | null = null;
  /** Whether output belongs to a call: what is printed between calls belongs to none. */
  private printing = true;
  /** The end of the last output: what to tell when the process doesn't start. */
  private lastWords = '';
  /** The kernel has ended it for want of memory. */
  private refusedMemory = false;
  private endWatch = () => {};
  readonly exited: Promise<void>;

  constructor(
    private readonly command: Command,
    private readonly parts: ProcessParts,
  ) {
    const { cgroup } = parts;
    this.child = spawn(command.file, [...command.args], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', ...coverInherited()],
      env: CLEAN_ENVIRONMENT,
      ...(command.user === null ? {} : { uid: command.user.uid, gid: command.user.group }),
    });
    const { user } = command;
    this.exited = this.ended().then(() => (user === null ? undefined : killProcessesOf(user.uid)));
    if (this.child.pid !== undefined) cgroup?.join(this.child.pid);
    // What it waits for before it starts anything.
    this.child.stdin?.write('\n');
    const channel = this.child.stdio[3];
    if (!(channel instanceof Duplex))
      throw new Error('Invariant broken: descriptor 3 of a function is not a pipe');
    this.channel = channel;
    this.channel.on('data', (chunk: Buffer) => this.receive(chunk));
    // A pipe of a killed process breaks; its end is told by `exit`.
    for (const pipe of [this.channel, this.child.stdin]) pipe?.on('error', () => {});
    this.child.stdout?.on('data', (chunk: Buffer) => this.print(chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => this.print(chunk));
  }

  get alive(): boolean {
    return this.end === null;
  }

  /** Waits for the runtime to be up. @returns its limited memory in KB (null where the system doesn't say), or why it isn't up */
  async start(setup: Omit<Setup, 'mark'>): Promise<{ dataKb: number | null } | string> {
    const reply = await this.exchange(JSON.stringify({ ...setup, mark: this.mark }), START_TIMEOUT_MS);
    if (reply.kind === 'ready') return reply;
    this.kill();
    await this.exited;
    const how = reply.kind === 'exited' ? reply.detail : `unexpected ${reply.kind}`;
    return this.lastWords === '' ? how : `${how}: ${this.lastWords}`;
  }

  /**
   * Limits what the process and all that it starts have in memory together to what they have now and this. The kernel
   * holds them to it where there is a cgroup, with what files in memory may take on top, because it counts these too.
   * They are watched anyway: the kernel's limits without a cgroup are each process's for itself.
   */
  limitMemory({ memoryMb, filesMb }: { memoryMb: number; filesMb: number }): void {
    const { pid = 0 } = this.child;
    const { user } = this.command;
    const pids = () => (user === null ? processTree(pid) : processesOfUser(user.uid));
    const limitKb = memoryOf(pids(), Number.POSITIVE_INFINITY) + memoryMb * 1024 + SLACK_KB;
    this.parts.cgroup?.limit(limitKb + filesMb * 1024);
    const onExcess = (peakKb: number) => {
      this.finish({ kind: 'memory', peakKb });
      this.kill();
    };
    if (this.alive) {
      this.endWatch = watchMemory({ pids, limitKb, isBusy: () => this.waiting !== null, onExcess });
    }
  }

  /** Loads the code. @returns null, or how that failed; then the process is dead. What it printed stays for the first call. */
  async load(limits: RunLimits): Promise<Run | null> {
    const begun = performance.now();
    const reply = await this.exchange('null', limits.initTimeoutS * 1000);
    if (reply.kind === 'loaded') return null;
    const result: InvocationResult =
      reply.kind === 'timeout'
        ? { kind: 'initTimeout', timeoutS: limits.initTimeoutS }
        : resultOf(reply, limits);
    return this.lastRun(reply, result, performance.now() - begun, limits);
  }

  /** Runs one call. After anything but an answer or an exception of the handler the process is dead. */
  async call({ event, context }: Call, limits: RunLimits): Promise<Run> {
    this.printing = true;
    const begun = performance.now();
    const reply = await this.exchange(`{"event":${event},"context":${context}}`, limits.timeoutS * 1000);
    const durationMs = performance.now() - begun;
    const result = resultOf(reply, limits);
    if (reply.kind !== 'answer' && reply.kind !== 'answerTooLarge') {
      const survives = reply.kind === 'userError' && !reply.ends;
      if (!survives) return this.lastRun(reply, result, durationMs, limits);
    }
    this.printing = false;
    return { result, durationMs, memoryMb: usedMb(reply, limits), log: this.output.take() };
  }

  /** Forgets what loading has printed: no call has caused it. */
  forgetOutput(): void {
    this.printing = false;
    this.output.take();
  }

  /** Kills the process and all of its group. */
  kill(): void {
    this.finish({ kind: 'exited', detail: 'killed by the sandbox', signal: null });
    const { pid } = this.child;
    if (pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      // ESRCH: it ended by itself just now.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }

  /** Ends the process, so that all of its output is there. */
  private async lastRun(
    reply: Reply | Silence,
    result: InvocationResult,
    durationMs: number,
    limits: RunLimits,
  ): Promise<Run> {
    this.kill();
    await this.exited;
    const log = this.output.take();
    const starved = reply.kind === 'exited' && this.isStarved(reply.signal, log);
    const told: InvocationResult = starved ? { kind: 'memory', memoryMb: limits.memoryMb } : result;
    const memoryMb = told.kind === 'memory' ? limits.memoryMb : usedMb(reply, limits);
    return { result: told, durationMs, memoryMb, log };
  }

  /** Whether a process that died was out of memory: it has said so, or it is one that has no other way to end like this. */
  private isStarved(signal: number | null, log: string): boolean {
    if (this.refusedMemory) return true;
    if (signal === null) return false;
    return OUT_OF_MEMORY.test(log) || (this.parts.faultsAreMemory && FAULTS.includes(signal));
  }

  /** Its output is read to the end, unless a process that outlives it keeps the pipes. */
  private ended(): Promise<void> {
    return new Promise((resolve) => {
      const done = (end: Silence) => {
        this.endWatch();
        this.finish(end);
        this.parts.cgroup?.remove();
        for (const pipe of this.child.stdio ?? []) pipe?.destroy();
        resolve();
      };
      this.child.on('error', (error) =>
        done({ kind: 'exited', detail: `can't be started: ${error.message}`, signal: null }),
      );
      this.child.once('exit', (code, signal) => {
        // Ends the rest of its group.
        this.child.stdin?.destroy();
        this.refusedMemory = this.parts.cgroup?.isExceeded() ?? false;
        const detail = signal === null ? `exit code ${code}` : `signal ${signal}`;
        // Shells and `unshare` tell a signal of what they ran as 128 and its number.
        const number = signal === null ? Math.max(0, (code ?? 0) - 128) : constants.signals[signal];
        const end = { kind: 'exited', detail, signal: number === 0 ? null : number } as const;
        const timer = setTimeout(() => done(end), LAST_OUTPUT_MS);
        this.child.once('close', () => {
          clearTimeout(timer);
          done(end);
        });
      });
    });
  }

  private exchange(line: string, timeoutMs: number): Promise<Reply | Silence> {
    if (this.end !== null) return Promise.resolve(this.end);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.settle({ kind: 'timeout' }), timeoutMs);
      this.waiting = (reply) => {
        clearTimeout(timer);
        resolve(reply);
      };
      this.channel.write(`${line}\n`);
    });
  }

  private settle(reply: Reply | Silence): void {
    const { waiting } = this;
    this.waiting = null;
    this.early = null;
    this.marks = 0;
    waiting?.(reply);
  }

  private finish(end: Silence): void {
    this.end ??= end;
    this.settle(this.end);
  }

  private receive(chunk: Buffer): void {
    if (!this.alive) return;
    const reply = this.reader.push(chunk);
    if (reply === null) return;
    // The function itself can write to the channel; what isn't one whole reply to a call ends it.
    if (reply === 'broken' || this.waiting === null || this.early !== null) {
      this.finish({ kind: 'exited', detail: 'the process broke the protocol', signal: null });
      this.kill();
      return;
    }
    if (reply.kind === 'ready' || !reply.marked || this.marks > 0) this.settle(reply);
    else this.early = reply;
  }

  private print(chunk: Buffer): void {
    this.marks += this.output.push(chunk);
    if (this.waiting === null && this.alive) this.marks = 0;
    if (chunk.length !== this.mark.length) this.note(chunk);
    if (!this.printing) this.output.take();
    if (this.marks > 0 && this.early !== null) this.settle(this.early);
  }

  /** For the sandbox's own log. */
  private note(chunk: Buffer): void {
    const words = chunk.toString('utf8').replaceAll(this.mark, '').trim().slice(-OUTPUT_SHOWN_MAX);
    if (words === '') return;
    this.lastWords = words;
    this.parts.log.debug(words);
  }
}

/**
 * The most that the process has had in memory at once since it began, the interpreter with it; 0 when it died without a
 * word. The interpreter is not in the limit, so that this could be above it: a bill never says more than the limit.
 */
function usedMb(reply: Reply | Silence, { memoryMb }: RunLimits): number {
  return 'peakKb' in reply ? Math.min(memoryMb, reply.peakKb / 1024) : 0;
}

function resultOf(reply: Reply | Silence, limits: RunLimits): InvocationResult {
  switch (reply.kind) {
    case 'timeout':
      return { kind: 'timeout', timeoutS: limits.timeoutS };
    case 'memory':
      return { kind: 'memory', memoryMb: limits.memoryMb };
    case 'ready':
    case 'loaded':
      return { kind: 'exited', detail: 'the process broke the protocol' };
    case 'exited':
      return { kind: 'exited', detail: reply.detail };
    case 'userError':
      return { kind: 'userError', message: reply.message };
    case 'answer':
      return { kind: 'answer', value: reply.value, json: reply.json };
    case 'answerTooLarge':
      return { kind: 'answerTooLarge' };
  }
}
