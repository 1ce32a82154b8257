import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { HttpProbe, ProbeAnswer } from '@/lib/estate/probe';
import { shorten } from '@/lib/shorten';
import type { CloudConnection } from './connection';
import { dialOf } from './dial';
import { ask, parseResolver, systemResolver } from './resolver';

const timeoutMs = 10_000;
/** Much more than any expected text; a probe is no download. */
const bodyBytesMax = 1_000_000;
const bodyCharsShown = 2000;

type HttpReply = { readonly status: number; readonly body: string };

async function addressOf(probe: HttpProbe, dns: string | null): Promise<string> {
  if (isIP(probe.address) !== 0) return probe.address;
  const named = probe.resolver ?? dns;
  const resolver = named === null ? systemResolver() : parseResolver(named);
  const { answers, rcode } = await ask(resolver, probe.address, 'A');
  const found = answers.find((answer) => answer.type === 'A');
  if (found === undefined) throw new Error(`${probe.address} has no address (${rcode})`);
  return found.data;
}

/** One GET on a connection of its own. Redirects are answers: they are not followed. */
function get(
  probe: HttpProbe,
  { host, port, authority }: { host: string; port: number; authority: string | null },
  timeout: AbortSignal,
): Promise<HttpReply> {
  const { request } = probe.scheme === 'https' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request({
      host,
      port,
      path: probe.path,
      method: 'GET',
      headers: { Host: probe.host, 'User-Agent': 'spillway-probe', Connection: 'close' },
      agent: false,
      signal: timeout,
      ...(probe.scheme === 'https' ? { servername: probe.host } : {}),
      ...(authority === null ? {} : { ca: [...rootCertificates, authority] }),
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes < bodyBytesMax) return;
        finish();
        sent.destroy();
      });
      response.on('end', finish);
      response.on('error', reject);
    });
    sent.end();
  });
}

/** Why the answer is not what the probe expects; null when it is. */
function shortfall({ expect }: HttpProbe, reply: HttpReply): string | null {
  if (reply.status !== expect.status) return `expected status ${expect.status}, found ${reply.status}`;
  if (expect.bodyContains !== null && !reply.body.includes(expect.bodyContains)) {
    return 'the body does not contain the expected text';
  }
  return null;
}

/**
 * Sends one request through a load balancer's address with the probe's Host header and compares status and body.
 * Certificates are verified for that host. A failed connection is an answer too.
 */
export async function probeHttp(
  probe: HttpProbe,
  connection: Pick<CloudConnection, 'dns' | 'portOffset' | 'addresses' | 'authority'>,
): Promise<ProbeAnswer> {
  const startedAt = performance.now();
  const latencyMs = () => Math.round(performance.now() - startedAt);
  const timeout = AbortSignal.timeout(timeoutMs);
  let address = `${probe.address}:${probe.port}`;
  try {
    const { host, port } = await dialOf(connection, await addressOf(probe, connection.dns), probe.port);
    address = `${host}:${port}`;
    const reply = await get(probe, { host, port, authority: connection.authority }, timeout);
    const failure = shortfall(probe, reply);
    return {
      passed: failure === null,
      latencyMs: latencyMs(),
      status: String(reply.status),
      address,
      body: shorten(reply.body, bodyCharsShown),
      failure,
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const failure = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : reason;
    return { passed: false, latencyMs: latencyMs(), status: null, address, body: '', failure };
  }
}
