import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type ReceivedRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
};
type ReceiverAnswer = {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type AlertReceiver = {
  /** Its address on loopback, without a path. */
  readonly origin: string;
  readonly received: ReceivedRequest[];
  /** Sets what it answers from now on. */
  answer(by: (request: ReceivedRequest) => ReceiverAnswer): void;
  stop(): Promise<void>;
};

/** Starts a server that records requests, such as the service behind an alert channel. It answers 200 without a body at first. */
export async function startAlertReceiver(): Promise<AlertReceiver> {
  const received: ReceivedRequest[] = [];
  let by: (request: ReceivedRequest) => ReceiverAnswer = () => ({ status: 200, body: '' });
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { method = '', headers } = request;
      const asked = { method, url: new URL(request.url ?? '', 'http://receiver'), headers, body };
      received.push(asked);
      const answer = by(asked);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    answer(next) {
      by = next;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
