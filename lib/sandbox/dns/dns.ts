import type { Logger } from 'pino';
import type { Assumptions } from '../world/assumptions';
import type { World } from '../world/world';
import { type AnswerRules, answer, createShares } from './answer';
import { type DnsListener, listenDns, respondSafely } from './listen-dns';
import { encodeResponse, lineOfClient, parseQuery } from './message';

export type DnsOptions = {
  readonly world: () => World;
  readonly assumptions: Pick<Assumptions, 'get'>;
  /** The port for UDP and TCP; 0 takes a free one. */
  readonly port: number;
  readonly log: Logger;
  /** Numbers in [0, 1) for the order, and for the start of the weight rotation. */
  readonly random?: () => number;
};

/** Starts the name server of the sandbox's zones on 127.0.0.1. Rejects when the port can't be bound, naming it. */
export function startDns(options: DnsOptions): Promise<DnsListener> {
  const { world, assumptions, port, log, random = Math.random } = options;
  const shares = createShares(random);
  const rulesFor = (lineId: string): AnswerRules => ({
    lineId,
    random,
    shares,
    mixedWeights: assumptions.get('dns.mixedWeights'),
  });
  const respond = respondSafely(log, (message, transport) => {
    const parsed = parseQuery(message);
    if (parsed.kind === 'drop') return null;
    if (parsed.kind === 'refuse') return parsed.message;
    const { query } = parsed;
    const { lineId, scopeBits } = lineOfClient(query.edns?.subnet ?? null);
    const reply = answer(world(), query.question, rulesFor(lineId));
    return encodeResponse(query, reply, { recursionAvailable: false, scopeBits, transport });
  });
  return listenDns(port, respond, log);
}
