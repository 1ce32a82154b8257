import type { DnsProbe, ProbeAnswer } from '@/lib/estate/probe';
import { ask, type DnsReply, parseResolver, plainName, systemResolver } from './resolver';

/** Why the reply is not what the probe expects; null when it is. */
function shortfall(probe: DnsProbe, reply: DnsReply): string | null {
  if (reply.rcode !== 'NOERROR') return `the resolver answered ${reply.rcode}`;
  const values = reply.answers
    .filter((answer) => answer.type === probe.type)
    .map(({ data }) => plainName(data));
  if (values.includes(plainName(probe.expect.value))) return null;
  const found = values.length === 0 ? `no ${probe.type} record` : values.join(', ');
  return `expected ${probe.expect.value}, found ${found}`;
}

/**
 * Asks the connection's resolver for a name and compares; silence and errors are answers too.
 * @param dns where the resolver is; null = the system's
 */
export async function probeDns(probe: DnsProbe, dns: string | null): Promise<ProbeAnswer> {
  let address = dns ?? '';
  const startedAt = performance.now();
  const latencyMs = () => Math.round(performance.now() - startedAt);
  try {
    const resolver = dns === null ? systemResolver() : parseResolver(dns);
    address = `${resolver.host}:${resolver.port}`;
    const reply = await ask(resolver, probe.name, probe.type);
    const failure = shortfall(probe, reply);
    const body = reply.answers
      .map(({ name, type, data, ttl }) => `${name} ${ttl} ${type} ${data}`)
      .join('\n');
    return { passed: failure === null, latencyMs: latencyMs(), status: reply.rcode, address, body, failure };
  } catch (cause) {
    const failure = cause instanceof Error ? cause.message : String(cause);
    return { passed: false, latencyMs: latencyMs(), status: null, address, body: '', failure };
  }
}
