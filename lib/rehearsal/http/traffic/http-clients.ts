import { httpRpsMax, type Population } from '@/lib/rehearsal/input';
import type { RehearsalClock } from '@/lib/rehearsal/rehearsal-clock';
import type { SeededRandom } from '@/lib/rehearsal/seeded-random';
import type { RequestedHost } from '@/lib/rehearsal/traffic/list-hosts';
import type { HeldAnswer } from './answer-cache';
import type { Attempt, HttpClient, Requested } from './http-client';

export type HttpClientsParts = {
  readonly clients: readonly HttpClient[];
  readonly hosts: readonly RequestedHost[];
  /** The part of the requests that each host gets; they add up to 1. */
  readonly hostShares: readonly number[];
  readonly population: Pick<Population, 'zipf' | 'retry'>;
  /** New requests per second of the machine. */
  readonly rps: number;
  readonly clock: Pick<RehearsalClock, 'after'>;
  readonly random: SeededRandom;
  readonly onOffered: () => void;
  readonly onAttempt: (attempt: Attempt, requested: Requested) => void;
  /** A request has failed for good. */
  readonly onLost: () => void;
};

/** Requests under way at once, at most: beyond, this machine measures itself. */
const underWayMost = 2000;
/** Requests that are due longer ago than this are left out, so that a pause is never followed by a burst. In ms. */
const lateMost = 500;

/** Draws one of several by their shares. */
function drawIndex(shares: readonly number[], draw: number): number {
  let left = draw * shares.reduce((sum, share) => sum + share, 0);
  const found = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return found < 0 ? shares.length - 1 : found;
}

/**
 * Sends requests at a bounded rate, by chance over clients and names. Failed requests are sent again as the population
 * says; in no second more than 500 are sent, those included.
 */
export class HttpClients {
  readonly #parts: HttpClientsParts;
  readonly #clientShares: readonly number[];
  readonly #underWay = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  /** The beginning of the slot of the next request: each has one, and is sent at any time in it. */
  #slotAt = performance.now();
  #dueAt = this.#slotAt;
  #isStopped = false;
  #second = { startedAt: 0, sent: 0 };
  /** Requests that were due and not sent, because this machine was busy. */
  skipped = 0;
  /** Failed requests that wait to be sent again. */
  pending = 0;

  constructor(parts: HttpClientsParts) {
    this.#parts = parts;
    this.#clientShares = parts.clients.map((_, index) => 1 / (index + 1) ** parts.population.zipf);
  }

  /** Sends requests from now on: at the beginning, and after a rest. */
  start(): void {
    this.#slotAt = performance.now();
    this.#dueAt = this.#slotAt;
    this.#next();
  }

  /** Sends no new requests until `start` is called again. Those in flight continue. */
  rest(): void {
    clearTimeout(this.#timer);
  }

  /** Ends the sending of new requests, and waits for those under way for at most as long as a response may take. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await Promise.all([...this.#underWay]);
    await Promise.all(this.#parts.clients.map((client) => client.close()));
  }

  /** Returns the share of a name's clients that use no answer from before an instant (epoch ms of the clock). */
  movedShare(host: string, sinceMs: number): number {
    let [moved, all] = [0, 0];
    for (const [index, client] of this.#parts.clients.entries()) {
      const share = this.#clientShares[index] ?? 0;
      all += share;
      if (!client.usesAnswerBefore(host, sinceMs)) moved += share;
    }
    return all === 0 ? 1 : moved / all;
  }

  /** Returns the answer that one of the clients has for a name, or gets now; null = none. */
  async askName(client: number, host: string): Promise<HeldAnswer | null> {
    return (await this.#parts.clients[client]?.askName(host)) ?? null;
  }

  #next(): void {
    if (this.#isStopped) return;
    const { rps, random } = this.#parts;
    for (;;) {
      const now = performance.now();
      if (this.#dueAt > now) break;
      const isLate = now - this.#dueAt > lateMost;
      if (isLate || this.#underWay.size >= underWayMost || !this.#admit()) this.skipped += 1;
      else this.#offer();
      this.#slotAt += 1000 / rps;
      this.#dueAt = this.#slotAt + (random.next() * 1000) / rps;
    }
    this.#timer = setTimeout(() => this.#next(), Math.ceil(this.#dueAt - performance.now()));
  }

  #offer(): void {
    const { clients, hosts, hostShares, random, onOffered, onLost } = this.#parts;
    const client = clients[drawIndex(this.#clientShares, random.next())];
    const requested = hosts[drawIndex(hostShares, random.next())];
    if (client === undefined || requested === undefined) return;
    const path = requested.paths[random.int(0, requested.paths.length - 1)] ?? '/';
    onOffered();
    const { host, port } = requested;
    const work = this.#send(client, { host, port, path }).then((isServed) => {
      if (!isServed) onLost();
    });
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  /** Sends a request until it is served or given up. */
  async #send(client: HttpClient, requested: Requested): Promise<boolean> {
    const { population, clock, random, onAttempt } = this.#parts;
    const { share, attempts, backoffS } = population.retry;
    for (let tries = 0; ; tries += 1) {
      if (tries > 0 && !this.#admit()) return false;
      const attempt = await client.request(requested);
      onAttempt(attempt, requested);
      if (attempt.cause === null) return true;
      if (tries >= attempts || random.next() >= share || this.#isStopped) return false;
      this.pending += 1;
      await new Promise<void>((resolve) => void clock.after(backoffS * 2 ** tries * 1000, resolve));
      this.pending -= 1;
    }
  }

  /** Counts a request; false = this second has had its most. */
  #admit(): boolean {
    const now = performance.now();
    if (now - this.#second.startedAt >= 1000) this.#second = { startedAt: now, sent: 0 };
    this.#second.sent += 1;
    return this.#second.sent <= httpRpsMax;
  }
}
