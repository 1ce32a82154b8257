import { Pool } from 'undici';
import type { Population } from '@/lib/rehearsal/input';
import type { AnswerSide } from '@/lib/rehearsal/report/report';
import type { SeededRandom } from '@/lib/rehearsal/seeded-random';
import type { FailureCause } from '@/lib/rehearsal/traffic/outcomes';
import type { AnswerCache, HeldAnswer } from './answer-cache';
import { judgeError, judgeStatus, readErrorCode } from './classify-attempt';
import { functionHeader, handlerMsHeader } from './echo-headers';
import { loopbackConnector } from './loopback-connector';

/** The address of this machine that serves a VIP's port. */
export type ServedPort = {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
};
/** `closed` = no listener at that port; `outside` = the address belongs to no load balancer of the copy. */
export type DialPort = (address: string, port: number) => ServedPort | 'closed' | 'outside';

/** One request that was sent, or could not be. Durations are of the machine, in ms. */
export type Attempt = {
  readonly host: string;
  /** The address that it was sent to; null = to none. */
  readonly address: string | null;
  readonly side: AnswerSide;
  /** The status, or the code of the error. */
  readonly answer: string;
  /** null = it was served. */
  readonly cause: FailureCause | null;
  /** From the look-up to the last byte. */
  readonly totalMs: number;
  /** The same without the time of the function's handler. */
  readonly waitMs: number;
  /** True if it went through a connection to an address that the client's answer no longer has. */
  readonly isOnOldAddress: boolean;
};

export type Requested = { readonly host: string; readonly port: number; readonly path: string };

export type HttpClientParts = {
  readonly cache: AnswerCache;
  readonly dial: DialPort;
  readonly keepAlive: Population['keepAlive'];
  readonly random: SeededRandom;
  readonly authority: string;
  /** Epoch ms of the rehearsal's clock. */
  readonly nowMs: () => number;
  /** The number of times that waits run faster. */
  readonly speed: number;
  readonly onConnection: (tookMs: number, isTls: boolean) => void;
};

/** Connections to one address, and the DNS answer for which they were last used. */
type Link = { readonly address: string; readonly pool: Pool; answeredAtMs: number; expiresAtMs: number };
type Links = { current: Link | null; old: Link | null };

/** Connections of one client to one address, at most: as browsers open them. */
const connectionsMax = 6;
const answerMs = 20_000;
/** Below the load balancer's own, so that neither closes a connection that the other is about to use. */
const idleMostMs = 30_000;

/**
 * One client with its DNS answers and its connections. After its address has changed, it keeps using open connections
 * to the old one for a share of its requests, for as long as it keeps connections.
 */
export class HttpClient {
  readonly #parts: HttpClientParts;
  readonly #links = new Map<string, Links>();

  constructor(parts: HttpClientParts) {
    this.#parts = parts;
  }

  /** Sends a request and reads the response to its end. Never throws: a failure is an attempt, too. */
  async request({ host, port, path }: Requested): Promise<Attempt> {
    const startedAt = performance.now();
    const failed = (
      cause: FailureCause,
      answer: string,
      address: string | null = null,
      isOnOldAddress = false,
    ): Attempt => {
      const totalMs = performance.now() - startedAt;
      return { host, address, side: 'none', answer, cause, totalMs, waitMs: totalMs, isOnOldAddress };
    };
    const resolved = await this.#parts.cache.resolve(host);
    const [found, isOld] = this.#chooseLink(host, port, resolved);
    if (found === 'noAddress' || found === 'outside') return failed(found, found);
    if (found === 'closed') return failed('noListener', 'ECONNREFUSED');
    const { keepAlive, random } = this.#parts;
    try {
      const { statusCode, headers, body } = await found.pool.request({
        path,
        method: 'GET',
        headers: { host, 'user-agent': 'spillway-rehearsal', accept: 'application/json' },
        headersTimeout: answerMs,
        bodyTimeout: answerMs,
        // The others have no open connection.
        reset: !isOld && random.next() >= keepAlive.share,
      });
      await body.dump();
      const totalMs = performance.now() - startedAt;
      const side =
        headers[functionHeader] !== undefined
          ? 'function'
          : headers['x-instance-id'] !== undefined
            ? 'servers'
            : 'balancer';
      const handlerMs = Number(headers[handlerMsHeader] ?? 0);
      return {
        host,
        address: found.address,
        side,
        answer: String(statusCode),
        cause: judgeStatus(statusCode),
        totalMs,
        waitMs: Math.max(0, totalMs - handlerMs),
        isOnOldAddress: isOld,
      };
    } catch (error) {
      const code = readErrorCode(error);
      this.#drop(host, found);
      return failed(judgeError(code), code, found.address, isOld);
    }
  }

  /** Returns the answer for a name that this client has, or gets from its resolver now; null = there is none. */
  async askName(host: string): Promise<HeldAnswer | null> {
    const answer = await this.#parts.cache.resolve(host);
    return answer.addresses.length === 0 ? null : answer;
  }

  /** Returns whether this client may still use an answer that is older than an instant (epoch ms of the clock). */
  usesAnswerBefore(host: string, sinceMs: number): boolean {
    const { cache, keepAlive, nowMs } = this.#parts;
    const known = cache.known(host);
    if (known !== null && known.answeredAtMs < sinceMs) return true;
    const { current = null, old = null } = this.#links.get(host) ?? {};
    return [current, old].some(
      (link) =>
        link !== null &&
        link.answeredAtMs < sinceMs &&
        link.expiresAtMs + keepAlive.seconds * 1000 > nowMs() &&
        link.pool.stats.connected > 0,
    );
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const all = [...this.#links.values()].flatMap(({ current, old }) => [current, old]);
    this.#links.clear();
    await Promise.all(all.map((link) => link?.pool.destroy()));
  }

  /** Returns the connections for a request, and whether they lead to an old address. */
  #chooseLink(
    host: string,
    port: number,
    { addresses, answeredAtMs, untilMs: expiresAtMs }: HeldAnswer,
  ): readonly [Link | 'noAddress' | 'closed' | 'outside', boolean] {
    const { keepAlive, random, nowMs } = this.#parts;
    const links = this.#links.get(host) ?? { current: null, old: null };
    this.#links.set(host, links);
    if (links.current !== null && !addresses.includes(links.current.address)) {
      if (links.old !== null) closeSoon(links.old);
      links.old = links.current;
      links.current = null;
    }
    if (links.old !== null && links.old.expiresAtMs + keepAlive.seconds * 1000 <= nowMs()) {
      closeSoon(links.old);
      links.old = null;
    }
    // Only connections that are open: no one opens one to an old address.
    const mayKeep = random.next() < keepAlive.share && links.old !== null && links.old.pool.stats.free > 0;
    if (mayKeep && links.old !== null) return [links.old, true];
    if (links.current === null) {
      const address = addresses[random.int(0, Math.max(0, addresses.length - 1))];
      if (address === undefined) return ['noAddress', false];
      const made = this.#connect(host, address, port);
      if (typeof made === 'string') return [made, false];
      links.current = made;
    }
    links.current.answeredAtMs = answeredAtMs;
    links.current.expiresAtMs = expiresAtMs;
    return [links.current, false];
  }

  #connect(host: string, address: string, port: number): Link | 'closed' | 'outside' {
    const { dial, keepAlive, authority, speed, onConnection } = this.#parts;
    const served = dial(address, port);
    if (typeof served === 'string') return served;
    const scheme = served.protocol === 'HTTPS' ? 'https' : 'http';
    const pool = new Pool(`${scheme}://${served.host}:${served.port}`, {
      connections: connectionsMax,
      pipelining: 1,
      keepAliveTimeout: Math.max(1000, Math.min(idleMostMs, (keepAlive.seconds * 1000) / speed)),
      connect: loopbackConnector({ serverName: host, authority }, onConnection),
    });
    return { address, pool, answeredAtMs: 0, expiresAtMs: 0 };
  }

  /** Forgets connections that have failed, so that the next request opens others. */
  #drop(host: string, failed: Link): void {
    const links = this.#links.get(host);
    if (links === undefined) return;
    if (links.current?.pool === failed.pool) links.current = null;
    if (links.old?.pool === failed.pool) links.old = null;
    closeSoon(failed);
  }
}

/** Closes connections once their requests have ended. */
function closeSoon({ pool }: Link): void {
  pool.close().catch(() => {
    // It is destroyed already.
  });
}
