import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:os';
import { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { FunctionCgroup } from '@/lib/sandbox/functions/jail/cgroup';
import { coverInherited } from '@/lib/sandbox/functions/jail/inherited-descriptors';
import { type Command, SYSTEM_PATH } from '@/lib/sandbox/functions/jail/isolation';
import {
  measureMemory,
  processesOfUser,
  processTree,
  watchMemory,
} from '@/lib/sandbox/functions/jail/memory-usage';
import type { FunctionInvocation, InvocationResult } from '../../world/invoker';
import { killUserProcesses } from '../jail/claim-users';
import { type Call, type ProcessReply, ReplyReader, type Setup } from './function-protocol';
import { OutputCapture } from './output-capture';

/** The reason why there is no reply. */
type Silence =
  | { readonly kind: 'timeout' }
  /** The process and its children together exceeded the function's memory. */
  | { readonly kind: 'memory'; readonly peakKb: number }
  | { readonly kind: 'exited'; readonly detail: string; readonly signal: number | null };

/** The outcome of a call. */
export type Run = Pick<FunctionInvocation, 'result' | 'durationMs' | 'memoryMb' | 'log'>;
export type RunLimits = {
  readonly timeoutS: number;
  readonly initTimeoutS: number;
  readonly memoryMb: number;
};

/** The parameters with which a function's process is started, beside its command. */
export type ProcessParts = {
  /** True if the interpreter crashes only when the kernel refuses it memory. */
  readonly faultsAreMemory: boolean;
  /** The cgroup of this process; null = none, and this process watches its memory. */
  readonly cgroup: FunctionCgroup | null;
  readonly log: Logger;
};

const START_TIMEOUT_MS = 20_000;
/** The additional memory that interpreter, shells and page tables may need while the code runs, in KB. */
const SLACK_KB = 16 * 1024;
const LAST_OUTPUT_MS = 200;
/** The most characters of one piece of output that reach the sandbox's own log, and of a process's last output. */
const OUTPUT_SHOWN_MAX = 2000;
/** The messages of V8 and the C++ library before they end a process that is out of memory. */
const OUT_OF_MEMORY =
  /heap out of memory|process out of memory|std::bad_alloc|Array buffer allocation failed/;
/** The signals that end a crashed program. */
const { SIGSEGV, SIGBUS, SIGILL, SIGTRAP } = constants.signals;
const FAULTS: readonly number[] = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP];
/**
 * Contains none of the application's variables. One malloc arena, because each reserves address space that counts
 * towards Python's limit. NODE_ENV is there because Next's types require it; the bootstrap drops all of it before it
 * runs code.
 */
const CLEAN_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: SYSTEM_PATH,
  LANG: 'C.UTF-8',
  MALLOC_ARENA_MAX: '1',
  NODE_ENV: 'production',
};

/**
 * One process of a function: started, given one call at a time, killed with everything that it started. It leads its
 * own process group and gets no descriptor but its pipes: output, the channel of the protocol, and one whose end
 * signals that the sandbox has ended.
 */
export class FunctionProcess {
  private readonly child: ChildProcess;
  private readonly channel: Duplex;
  private readonly reader = new ReplyReader();
  private readonly mark = `\0${randomUUID()}\n`;
  private readonly output = new OutputCapture(Buffer.from(this.mark));
  private waiting: ((reply: ProcessReply | Silence) => void) | null = null;
  /** A reply whose output has not arrived yet. */
  private early: ProcessReply | null = null;
  private marks = 0;
  private end: Silence | null = null;
  /** True if output belongs to a call: output between calls belongs to none. */
  private printing = true;
  /** The end of the last output: the message to show when the process doesn't start. */
  private lastWords = '';
  /** True if the kernel has killed it for lack of memory. */
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
    this.exited = this.ended().then(() => (user === null ? undefined : killUserProcesses(user.uid)));
    if (this.child.pid !== undefined) cgroup?.join(this.child.pid);
    // It waits for this line before it starts anything.
    this.child.stdin?.write('\n');
    const channel = this.child.stdio[3];
    if (!(channel instanceof Duplex))
      throw new Error('Invariant broken: descriptor 3 of a function is not a pipe');
    this.channel = channel;
    this.channel.on('data', (chunk: Buffer) => this.receive(chunk));
    // The pipe of a killed process breaks; `exit` reports its end.
    for (const pipe of [this.channel, this.child.stdin]) pipe?.on('error', () => {});
    this.child.stdout?.on('data', (chunk: Buffer) => this.print(chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => this.print(chunk));
  }

  get alive(): boolean {
    return this.end === null;
  }

  /**
   * Waits until the runtime is ready.
   * @returns its limited memory in KB (null if the system doesn't report it), or why it isn't ready
   */
  async start(setup: Omit<Setup, 'mark'>): Promise<{ dataKb: number | null } | string> {
    const reply = await this.exchange(JSON.stringify({ ...setup, mark: this.mark }), START_TIMEOUT_MS);
    if (reply.kind === 'ready') return reply;
    this.kill();
    await this.exited;
    const how = reply.kind === 'exited' ? reply.detail : `unexpected ${reply.kind}`;
    return this.lastWords === '' ? how : `${how}: ${this.lastWords}`;
  }

  /**
   * Limits the combined memory of the process and all that it starts to its current use plus this. Where there is a
   * cgroup, the kernel enforces it, with the allowance for files in memory on top, because it counts these too. They
   * are watched anyway: without a cgroup, the kernel's limits apply to each process separately.
   */
  limitMemory({ memoryMb, filesMb }: { memoryMb: number; filesMb: number }): void {
    const { pid = 0 } = this.child;
    const { user } = this.command;
    const pids = () => (user === null ? processTree(pid) : processesOfUser(user.uid));
    const limitKb = measureMemory(pids(), Number.POSITIVE_INFINITY) + memoryMb * 1024 + SLACK_KB;
    this.parts.cgroup?.limit(limitKb + filesMb * 1024);
    const onExcess = (peakKb: number) => {
      this.finish({ kind: 'memory', peakKb });
      this.kill();
    };
    if (this.alive) {
      this.endWatch = watchMemory({ pids, limitKb, isBusy: () => this.waiting !== null, onExcess });
    }
  }

  /**
   * Loads the code.
   * @returns null, or the failure; then the process is dead. Its output is kept for the first call.
   */
  async load(limits: RunLimits): Promise<Run | null> {
    const begun = performance.now();
    const reply = await this.exchange('null', limits.initTimeoutS * 1000);
    if (reply.kind === 'loaded') return null;
    const result: InvocationResult =
      reply.kind === 'timeout'
        ? { kind: 'initTimeout', timeoutS: limits.initTimeoutS }
        : toResult(reply, limits);
    return this.lastRun(reply, result, performance.now() - begun, limits);
  }

  /** Runs one call. After anything but a response or an exception of the handler the process is dead. */
  async call({ event, context }: Call, limits: RunLimits): Promise<Run> {
    this.printing = true;
    const begun = performance.now();
    const reply = await this.exchange(`{"event":${event},"context":${context}}`, limits.timeoutS * 1000);
    const durationMs = performance.now() - begun;
    const result = toResult(reply, limits);
    if (reply.kind !== 'answer' && reply.kind !== 'answerTooLarge') {
      const survives = reply.kind === 'userError' && !reply.ends;
      if (!survives) return this.lastRun(reply, result, durationMs, limits);
    }
    this.printing = false;
    return { result, durationMs, memoryMb: usedMb(reply, limits), log: this.output.take() };
  }

  /** Discards the output of loading: no call has caused it. */
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
      // ESRCH: it has just ended on its own.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }

  /** Ends the process, so that all of its output is available. */
  private async lastRun(
    reply: ProcessReply | Silence,
    result: InvocationResult,
    durationMs: number,
    limits: RunLimits,
  ): Promise<Run> {
    this.kill();
    await this.exited;
    const log = this.output.take();
    const starved = reply.kind === 'exited' && this.isStarved(reply.signal, log);
    const reported: InvocationResult = starved ? { kind: 'memory', memoryMb: limits.memoryMb } : result;
    const memoryMb = reported.kind === 'memory' ? limits.memoryMb : usedMb(reply, limits);
    return { result: reported, durationMs, memoryMb, log };
  }

  /** Returns true if a process that died was out of memory: it reported that, or has no other way to end like this. */
  private isStarved(signal: number | null, log: string): boolean {
    if (this.refusedMemory) return true;
    if (signal === null) return false;
    return OUT_OF_MEMORY.test(log) || (this.parts.faultsAreMemory && FAULTS.includes(signal));
  }

  /** Waits for the end. Its output is read completely, unless a process that outlives it keeps the pipes open. */
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
        // Ends the rest of its process group.
        this.child.stdin?.destroy();
        this.refusedMemory = this.parts.cgroup?.isExceeded() ?? false;
        const detail = signal === null ? `exit code ${code}` : `signal ${signal}`;
        // Shells and `unshare` report a signal of their child as 128 plus its number.
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

  private exchange(line: string, timeoutMs: number): Promise<ProcessReply | Silence> {
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

  private settle(reply: ProcessReply | Silence): void {
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
    // The function itself can write to the channel; anything other than one complete reply to a call ends it.
    if (reply === 'broken' || this.waiting === null || this.early !== null) {
      this.finish({ kind: 'exited', detail: 'the process broke the protocol', signal: null });
      this.kill();
      return;
    }
    if (reply.kind === 'ready' || (reply.marked && this.marks > 0)) {
      this.settle(reply);
      return;
    }
    this.early = reply;
    if (reply.marked) return;
    // The code has closed its output, so no mark will come: its output is complete at the end of the pipes.
    void this.outputEnded().then(() => {
      if (this.early === reply) this.settle(reply);
    });
  }

  /** Waits until both pipes of the output have ended, at most as long as for the last output of a process. */
  private async outputEnded(): Promise<void> {
    const pipes = [this.child.stdout, this.child.stderr].filter((pipe) => pipe !== null);
    const signal = AbortSignal.timeout(LAST_OUTPUT_MS);
    await Promise.allSettled(
      pipes.map((pipe) => pipe.readableEnded || pipe.destroyed || once(pipe, 'end', { signal })),
    );
  }

  private print(chunk: Buffer): void {
    this.marks += this.output.push(chunk);
    if (this.waiting === null && this.alive) this.marks = 0;
    if (chunk.length !== this.mark.length) this.note(chunk);
    if (!this.printing) this.output.take();
    if (this.marks > 0 && this.early !== null) this.settle(this.early);
  }

  /** Writes to the sandbox's own log. */
  private note(chunk: Buffer): void {
    const words = chunk.toString('utf8').replaceAll(this.mark, '').trim().slice(-OUTPUT_SHOWN_MAX);
    if (words === '') return;
    this.lastWords = words;
    this.parts.log.debug(words);
  }
}

/**
 * Returns the process's peak memory since its start, including the interpreter; 0 when it died without a reply. The
 * limit does not include the interpreter, so the peak could exceed it: a bill never shows more than the limit.
 */
function usedMb(reply: ProcessReply | Silence, { memoryMb }: RunLimits): number {
  return 'peakKb' in reply ? Math.min(memoryMb, reply.peakKb / 1024) : 0;
}

function toResult(reply: ProcessReply | Silence, limits: RunLimits): InvocationResult {
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
