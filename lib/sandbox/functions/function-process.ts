import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { InvocationResult } from './invocation';
import { type Command, SYSTEM_PATH } from './isolation';
import { killProcessesOf } from './kill-user';

/** What a runtime's bootstrap is told in its first line. Sizes of memory and files in MB, of the answer in characters. */
export type Setup = {
  readonly codeDir: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly fileMb: number;
  readonly processes: number;
  readonly answerMax: number;
};

export type Call = { readonly event: unknown; readonly context: unknown };

const Reply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('answer'), json: z.string() }),
  z.object({ kind: z.literal('userError'), message: z.string() }),
  z.object({ kind: z.literal('loadError'), message: z.string() }),
  z.object({ kind: z.literal('memory') }),
  z.object({ kind: z.literal('answerTooLarge') }),
]);
type Reply = z.infer<typeof Reply>;

/** Why there is no reply. */
type Silence = { readonly kind: 'timeout' } | { readonly kind: 'exited'; readonly detail: string };

/** An answer as a JSON string inside JSON can double; anything longer is not from our bootstrap. */
const LINE_MAX = 16 * 1024 * 1024;
const START_TIMEOUT_MS = 20_000;
const LAST_OUTPUT_MS = 200;
const NEWLINE = 10;
/** Lines of one piece of output, and characters of one line, that reach the log. */
const OUTPUT_LINES_MAX = 50;
const OUTPUT_LINE_MAX = 2000;
/**
 * Nothing of ours. One malloc arena, because each reserves address space that RLIMIT_AS counts. NODE_ENV is there
 * because Next's types demand it; the bootstrap drops all of it before it runs code.
 */
const CLEAN_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: SYSTEM_PATH,
  LANG: 'C.UTF-8',
  MALLOC_ARENA_MAX: '1',
  NODE_ENV: 'production',
};

/**
 * One process of a function: started, given one call at a time, killed with everything that it started.
 * It leads a process group of its own and gets no descriptor but its four pipes.
 */
export class FunctionProcess {
  private readonly child: ChildProcess;
  private readonly channel: Duplex;
  private waiting: ((reply: Reply | Silence) => void) | null = null;
  private unread: Buffer[] = [];
  private unreadBytes = 0;
  private end: Silence | null = null;
  /** The last line on stderr: what to tell when the process ends early. */
  private lastWords = '';
  readonly exited: Promise<void>;

  constructor(
    command: Command,
    private readonly log: Logger,
  ) {
    this.child = spawn(command.file, [...command.args], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: CLEAN_ENVIRONMENT,
      ...(command.uid === null ? {} : { uid: command.uid, gid: command.uid }),
    });
    this.exited = this.ended().then(() => (command.uid === null ? undefined : killProcessesOf(command.uid)));
    const channel = this.child.stdio[3];
    if (!(channel instanceof Duplex))
      throw new Error('Invariant broken: descriptor 3 of a function is not a pipe');
    this.channel = channel;
    this.channel.on('data', (chunk: Buffer) => this.receive(chunk));
    // A pipe of a killed process breaks; its end is told by `exit`.
    for (const pipe of [this.channel, this.child.stdin]) pipe?.on('error', () => {});
    this.logOutput();
  }

  get alive(): boolean {
    return this.end === null;
  }

  /** Waits for the runtime to be up. @returns null, or why it isn't. */
  async start(setup: Setup): Promise<string | null> {
    const reply = await this.exchange(setup, START_TIMEOUT_MS);
    if (reply.kind === 'ready') return null;
    this.kill();
    return reply.kind === 'exited' ? reply.detail : `unexpected ${reply.kind}`;
  }

  /** Runs one call. After anything but an answer or an exception of the handler the process is dead or dying. */
  async call(call: Call, limits: { timeoutS: number; memoryMb: number }): Promise<InvocationResult> {
    const reply = await this.exchange(call, limits.timeoutS * 1000);
    if (reply.kind !== 'answer' && reply.kind !== 'userError' && reply.kind !== 'answerTooLarge') this.kill();
    switch (reply.kind) {
      case 'timeout':
        return { kind: 'timeout', timeoutS: limits.timeoutS };
      case 'memory':
        return { kind: 'memory', memoryMb: limits.memoryMb };
      case 'loadError':
        return { kind: 'userError', message: reply.message };
      case 'ready':
        return { kind: 'exited', detail: 'the process broke the protocol' };
      case 'answer':
        return { kind: 'answer', value: JSON.parse(reply.json), json: reply.json };
      default:
        return reply;
    }
  }

  /** Kills the process and all of its group. */
  kill(): void {
    this.finish('killed by the sandbox');
    const { pid } = this.child;
    if (pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      // ESRCH: it ended by itself just now.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }

  /** Its output is read to the end, unless a process that outlives it keeps the pipes. */
  private ended(): Promise<void> {
    return new Promise((resolve) => {
      const done = (detail: string) => {
        this.finish(detail);
        for (const pipe of this.child.stdio ?? []) pipe?.destroy();
        resolve();
      };
      this.child.on('error', (error) => done(`can't be started: ${error.message}`));
      this.child.once('exit', (code, signal) => {
        const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
        const tell = () => done(this.lastWords === '' ? how : `${how}: ${this.lastWords}`);
        const timer = setTimeout(tell, LAST_OUTPUT_MS);
        this.child.once('close', () => {
          clearTimeout(timer);
          tell();
        });
      });
    });
  }

  private exchange(message: Setup | Call, timeoutMs: number): Promise<Reply | Silence> {
    if (this.end !== null) return Promise.resolve(this.end);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.settle({ kind: 'timeout' }), timeoutMs);
      this.waiting = (reply) => {
        clearTimeout(timer);
        resolve(reply);
      };
      this.child.stdin?.write(`${JSON.stringify(message)}\n`);
    });
  }

  private settle(reply: Reply | Silence): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.(reply);
  }

  private finish(detail: string): void {
    this.end ??= { kind: 'exited', detail };
    this.settle(this.end);
  }

  private receive(chunk: Buffer): void {
    this.unread.push(chunk);
    this.unreadBytes += chunk.length;
    if (this.unreadBytes > LINE_MAX) this.kill();
    if (!this.alive || !chunk.includes(NEWLINE)) return;
    const all = Buffer.concat(this.unread);
    this.unread = [];
    this.unreadBytes = 0;
    // The function itself can write to the channel; what isn't one whole reply to a call ends it.
    const reply = all.indexOf(NEWLINE) === all.length - 1 ? parseReply(all.toString('utf8')) : null;
    if (reply === null || this.waiting === null) this.kill();
    else this.settle(reply);
  }

  /** Output goes to the log as it comes, cut to a bounded length: a function can print without end. */
  private logOutput(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      this.child[name]?.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString('utf8').trimEnd().split('\n', OUTPUT_LINES_MAX)) {
          const shown = line.slice(0, OUTPUT_LINE_MAX);
          if (name === 'stderr') this.lastWords = shown;
          this.log.debug({ output: name }, shown);
        }
      });
    }
  }
}

/** Null for anything that no bootstrap of ours writes. */
function parseReply(line: string): Reply | null {
  try {
    return Reply.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
