import { getServers } from 'node:dns';
import type { CloudConnection } from '@/lib/cloud/connection';
import { storableText } from '@/lib/input/outside-text';
import { shorten } from '@/lib/shorten';
import { resolverFor } from './destination';
import { ask, plainName } from './resolver';

/** The longest wait for an answer, in ms: a query is sent up to three times, 1.5 s apart. */
const answerMs = 5000;
/** The most values of an answer, and the longest text of each, that are kept. */
const valuesMax = 20;
const textMax = 255;

/** The answer of a resolver for a name: the records of the name itself. `values` null = no usable answer. */
export type ResolverAnswer = {
  readonly values: readonly string[] | null;
  readonly ttlS: number | null;
  readonly failure: string | null;
  /** True if the server is authoritative for the name; false for an answer that may be cached, and for none. */
  readonly isAuthoritative: boolean;
};

/** The resolvers of an account, for questions about its names. */
export type AccountResolvers = {
  /** Its own resolvers, as `ip:port`. A sandbox has a name server and a caching resolver, and no other may be asked. */
  readonly own: readonly string[];
  /** True if only its own resolvers may be asked. */
  readonly isClosed: boolean;
  /**
   * Asks a resolver for the addresses of a name. A refusal and a failure are answers, too.
   * @param resolver `ip` or `ip:port`: one of its own, or a public address
   */
  ask(resolver: string, name: string, type: 'A' | 'AAAA'): Promise<ResolverAnswer>;
};

type Resolving = Pick<CloudConnection, 'dns' | 'resolvers' | 'vipNetwork'>;

async function askOne(
  connection: Resolving,
  resolver: string,
  name: string,
  type: 'A' | 'AAAA',
): Promise<ResolverAnswer> {
  const nothing = (failure: string) => ({
    values: null,
    ttlS: null,
    failure: storableText(failure),
    isAuthoritative: false,
  });
  try {
    const deadline = AbortSignal.timeout(answerMs);
    const { rcode, answers, isAuthoritative } = await ask(resolverFor(connection, resolver), name, type, {
      deadline,
    });
    if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return nothing(rcode);
    const own = answers.filter((answer) => plainName(answer.name) === plainName(name)).slice(0, valuesMax);
    const ttls = own.map(({ ttl }) => ttl ?? 0);
    return {
      values: own.map(({ data }) => storableText(shorten(data, textMax))),
      ttlS: ttls.length === 0 ? null : Math.min(...ttls),
      failure: null,
      isAuthoritative,
    };
  } catch (cause) {
    return nothing(shorten(cause instanceof Error ? cause.message : String(cause), textMax));
  }
}

/** Creates the resolvers of an account. The rules for outgoing connections are those of its probes. */
export function createAccountResolvers(connection: Resolving): AccountResolvers {
  const system = getServers()[0] ?? '127.0.0.1';
  return {
    own: [...new Set([connection.dns ?? system, ...connection.resolvers])],
    isClosed: connection.vipNetwork !== null,
    ask: (resolver, name, type) => askOne(connection, resolver, name, type),
  };
}
