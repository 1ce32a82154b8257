import { z } from 'zod';

/**
 * The protocol between the sandbox and the bootstrap of a function, over one pipe that is the process's descriptor 3.
 * The sandbox sends lines of JSON: first the set-up, then `null`, which means load the code, then calls, one at a time.
 * Each gets one reply: a line of JSON, and after an `answer` one more line, the JSON that the handler returned. Before
 * a reply to anything but the set-up the bootstrap writes the mark to its output, and the reply says whether it could:
 * the code may have closed it.
 */

/** Sizes of answers in bytes. */
export type Setup = {
  readonly codeDir: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly answerMax: number;
  readonly mark: string;
};

/** `event` and `context` are JSON. */
export type Call = { readonly event: string; readonly context: string };

/** `peakKb`: the peak memory of the process since its start. */
const measured = { marked: z.boolean(), peakKb: z.number() };
const ProcessReply = z.discriminatedUnion('kind', [
  /** `dataKb`: the process's use of the limited memory; null if the system doesn't report it. */
  z.object({ kind: z.literal('ready'), dataKb: z.number().nullable() }),
  z.object({ kind: z.literal('loaded'), marked: z.boolean() }),
  z.object({ kind: z.literal('answer'), ...measured }),
  /** `ends`: the process can't be used any more. */
  z.object({ kind: z.literal('userError'), message: z.string(), ends: z.boolean(), ...measured }),
  z.object({ kind: z.literal('memory'), ...measured }),
  z.object({ kind: z.literal('answerTooLarge'), ...measured }),
]);
export type ProcessReply =
  | Exclude<z.infer<typeof ProcessReply>, { kind: 'answer' }>
  | {
      readonly kind: 'answer';
      readonly marked: boolean;
      readonly peakKb: number;
      readonly json: string;
      readonly value: unknown;
    };

/** Longer than any reply of a bootstrap: the response has at most 6 MB, and an error's text is truncated. */
const REPLY_MAX = 8 * 1024 * 1024;
const NEWLINE = 10;

/** Assembles replies from the data that is read. */
export class ReplyReader {
  #unread: Buffer[] = [];
  #size = 0;

  /**
   * @returns a reply when one is complete, null when it isn't, `broken` for anything that our bootstrap doesn't write
   */
  push(chunk: Buffer): ProcessReply | null | 'broken' {
    this.#unread.push(chunk);
    this.#size += chunk.length;
    if (this.#size > REPLY_MAX) return 'broken';
    // A reply ends with a newline and nothing follows it.
    if (chunk[chunk.length - 1] !== NEWLINE) return null;
    const all = this.#unread.length === 1 ? chunk : Buffer.concat(this.#unread);
    const end = all.indexOf(NEWLINE);
    const reply = parseReply(all.toString('utf8', 0, end));
    if (reply === null) return 'broken';
    const rest = all.subarray(end + 1);
    if (reply.kind === 'answer' && rest.length === 0) {
      this.#unread = [all];
      return null;
    }
    this.#unread = [];
    this.#size = 0;
    if (reply.kind !== 'answer') return rest.length === 0 ? reply : 'broken';
    if (rest.indexOf(NEWLINE) !== rest.length - 1) return 'broken';
    const json = rest.toString('utf8', 0, rest.length - 1);
    try {
      return { ...reply, json, value: JSON.parse(json) };
    } catch {
      return 'broken';
    }
  }
}

function parseReply(line: string): z.infer<typeof ProcessReply> | null {
  try {
    return ProcessReply.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
