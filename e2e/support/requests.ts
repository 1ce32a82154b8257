import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { request as requestTls } from 'node:https';
import packet from 'dns-packet';
import type { Announcement } from '@/lib/sandbox/sandbox';

type Answer = { status: number | undefined; body: string };

/** Sends an HTTP request with a Host header to a load balancer's address, with an independent client. */
export function requestHttp(sandbox: Announcement, vip: string, host: string, path = '/'): Promise<Answer> {
  const port = 80 + sandbox.portOffset;
  return readAnswer(request({ host: vip, port, path, headers: { host }, agent: false }));
}

/** Sends the same over TLS: the certificate must be signed by the sandbox and be valid for that host. */
export function requestHttps(sandbox: Announcement, vip: string, host: string, path = '/'): Promise<Answer> {
  const port = 443 + sandbox.portOffset;
  const tls = { servername: host, ca: sandbox.authority };
  return readAnswer(requestTls({ host: vip, port, path, headers: { host }, agent: false, ...tls }));
}

async function readAnswer(sent: ClientRequest): Promise<Answer> {
  sent.end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, body };
}

/** Queries the sandbox's DNS server for the addresses of a name. */
export async function queryDns(sandbox: Announcement, name: string): Promise<readonly string[]> {
  const [address, port] = sandbox.dns.split(':');
  const socket = createSocket('udp4');
  try {
    socket.send(
      packet.encode({ type: 'query', id: 1, questions: [{ type: 'A', name }] }),
      Number(port),
      address,
    );
    const [message] = await once(socket, 'message');
    const { answers = [] } = packet.decode(message);
    return answers.flatMap((answer) => (answer.type === 'A' ? [answer.data] : []));
  } finally {
    socket.close();
  }
}
