import http from 'node:http';
import https from 'node:https';
import { rootCertificates } from 'node:tls';
import type { CloudConnection } from '@/lib/cloud/connection';
import type { HttpProbe, ProbeAnswer } from '@/lib/estate/probe';
import { shorten } from '@/lib/shorten';
import { type AddressOwners, findDestination } from './destination';
import { isSilence } from './silence';

const timeoutMs = 10_000;
/** Far above the size of any expected text; a probe is not a download. */
const bodyBytesMax = 1_000_000;
const bodyCharsShown = 2000;

type HttpReply = { readonly status: number; readonly body: string };

/** Sends one GET on its own connection. Redirects count as responses: they are not followed. */
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

/** Returns why the response is not what the probe expects; null when it is. */
function shortfall({ expect }: HttpProbe, reply: HttpReply): string | null {
  if (reply.status !== expect.status) return `expected status ${expect.status}, found ${reply.status}`;
  if (expect.bodyContains !== null && !reply.body.includes(expect.bodyContains)) {
    return 'the body does not contain the expected text';
  }
  return null;
}

/**
 * Sends one request through a load balancer's address with the probe's Host header and compares status and body.
 * Certificates are verified for that host. A failed connection is a result too, and so is an address that may not be
 * connected to.
 */
export async function probeHttp(
  probe: HttpProbe,
  connection: Pick<
    CloudConnection,
    'dns' | 'resolvers' | 'vipNetwork' | 'portOffset' | 'addresses' | 'authority'
  >,
  ownerOf: AddressOwners,
): Promise<ProbeAnswer> {
  const startedAt = performance.now();
  const latencyMs = () => Math.round(performance.now() - startedAt);
  const deadline = AbortSignal.timeout(timeoutMs);
  let address = `${probe.address}:${probe.port}`;
  try {
    const { host, port } = await withinDeadline(
      findDestination(probe, connection, ownerOf, deadline),
      deadline,
    );
    address = `${host}:${port}`;
    const reply = await get(probe, { host, port, authority: connection.authority }, deadline);
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
    const failure = deadline.aborted ? `no answer within ${timeoutMs / 1000} s` : reason;
    const silence = deadline.aborted || isSilence(cause) ? ({ unanswered: true } as const) : {};
    return { passed: false, latencyMs: latencyMs(), status: null, address, body: '', failure, ...silence };
  }
}

/** Limits the wait for name servers and the cloud to the time that the probe waits for a response. */
function withinDeadline<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(deadline.reason);
    deadline.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => deadline.removeEventListener('abort', onAbort));
  });
}
