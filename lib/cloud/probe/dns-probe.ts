import type { CloudConnection } from '@/lib/cloud/connection';
import type { DnsProbe, ProbeAnswer } from '@/lib/estate/probe';
import { type AuthorityAnswer, queryAuthorities, type Reach } from './authority';
import { ask, type DnsReply, parseResolver, plainValue, systemResolver } from './resolver';
import { isSilence } from './silence';

/** Several servers may each be silent for some seconds. */
const deadlineMs = 15_000;

/** Returns why the reply is not what the probe expects; null when it is. */
function shortfall(probe: DnsProbe, reply: DnsReply): string | null {
  if (reply.rcode !== 'NOERROR') return `the resolver answered ${reply.rcode}`;
  const values = reply.answers
    .filter((answer) => answer.type === probe.type)
    .map(({ data }) => plainValue(probe.type, data));
  if (values.includes(plainValue(probe.type, probe.expect.value))) return null;
  const found = values.length === 0 ? `no ${probe.type} record` : values.join(', ');
  return `expected ${probe.expect.value}, found ${found}`;
}

/** Returns how the authoritative servers' answers contradict the expected value, or null. */
function contradiction({ type, expect }: DnsProbe, answers: readonly AuthorityAnswer[]): string | null {
  const other = answers.find(
    ({ values }) => values !== null && !values.includes(plainValue(type, expect.value)),
  );
  if (other === undefined) return null;
  const found = other.values?.length ? other.values.join(', ') : `no ${type} record`;
  return `the resolver has it, but the name server ${other.server} does not yet: expected ${expect.value}, found ${found}`;
}

function shown(answers: readonly AuthorityAnswer[]): string {
  if (answers.length === 0) return '\nname servers: none found';
  const told = answers.map(
    ({ server, values }) => `${server} ${values?.join(', ') || (values ? 'no record' : 'no answer')}`,
  );
  return `\nname servers: ${told.join('; ')}`;
}

/**
 * Queries the connection's resolver for a name and compares the answer, then all authoritative servers of its zone:
 * each that responds must have the value. If none is reachable, only the resolver's answer counts, and the result
 * reports that. Timeouts and errors are results, too.
 * @param reach where authoritative servers are queried; by default at port 53 of public addresses
 */
export async function probeDns(
  probe: DnsProbe,
  { dns, vipNetwork }: Pick<CloudConnection, 'dns' | 'vipNetwork'>,
  reach?: Reach,
): Promise<ProbeAnswer> {
  let address = dns ?? '';
  const startedAt = performance.now();
  const latencyMs = () => Math.round(performance.now() - startedAt);
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const resolver = dns === null ? systemResolver() : parseResolver(dns);
    address = `${resolver.host}:${resolver.port}`;
    const reply = await ask(resolver, probe.name, probe.type, { deadline });
    let failure = shortfall(probe, reply);
    let body = reply.answers.map(({ name, type, data, ttl }) => `${name} ${ttl} ${type} ${data}`).join('\n');
    // A sandbox's resolver is the authoritative server of its zones.
    if (failure === null && vipNetwork === null) {
      const authorities = await queryAuthorities(resolver, probe, deadline, reach).catch(() => []);
      failure = contradiction(probe, authorities);
      body += shown(authorities);
    }
    // The resolver could not reach an authoritative server.
    const silence = reply.rcode === 'SERVFAIL' ? ({ unanswered: true } as const) : {};
    const passed = failure === null;
    return { passed, latencyMs: latencyMs(), status: reply.rcode, address, body, failure, ...silence };
  } catch (cause) {
    const failure = cause instanceof Error ? cause.message : String(cause);
    const silence = isSilence(cause) ? ({ unanswered: true } as const) : {};
    return { passed: false, latencyMs: latencyMs(), status: null, address, body: '', failure, ...silence };
  }
}
