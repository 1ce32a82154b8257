import http from 'node:http';
import https from 'node:https';
import type { ChannelAnswer, ChannelRequest } from '@/lib/worker/alerts/formats/channel-format';
import { publicOnly, RefusedTargetError } from './public-lookup';

/** For how long a message and its answer may take, in ms. */
const timeoutMs = 15_000;
/** Answers have a code or a word; the rest is not read. */
const answerBytesMax = 65_536;

/**
 * Sends a message on its own connection. Redirects are answers: they are not followed. Proxies are not used.
 * @param privateHosts the hosts that may have any address, and may be reached without TLS
 * @throws RefusedTargetError if the target may not be connected to; Error if there is no answer within 15 s
 */
export function postMessage(
  { url, headers, body }: ChannelRequest,
  privateHosts: readonly string[],
): Promise<ChannelAnswer> {
  const { protocol, hostname } = new URL(url);
  const reach = publicOnly(hostname, privateHosts);
  if (reach.lookup !== undefined && protocol !== 'https:')
    throw new RefusedTargetError(`${hostname} needs https`);
  const { request } = protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: {
        ...headers,
        'User-Agent': 'spillway-alerts',
        'Content-Length': Buffer.byteLength(body),
        Connection: 'close',
      },
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      ...reach,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes < answerBytesMax) return;
        finish();
        sent.destroy();
      });
      response.on('end', finish);
      response.on('error', reject);
    });
    sent.end(body);
  });
}
