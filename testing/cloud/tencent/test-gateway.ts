import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudConnection } from '@/lib/cloud/connection';

/** Network behaviour that the sandbox doesn't have: responses of a broken gateway, and connections that break. */
type Behaviour = (response: http.ServerResponse, request: http.IncomingMessage) => void;

/** Responds as the cloud does. */
export const gatewayAnswer =
  (body: object): Behaviour =>
  (response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ Response: body }));
  };

/** Responds to each listed action as given, and to others with a broken gateway's page. */
export const byAction =
  (answers: Readonly<Record<string, object>>): Behaviour =>
  (response, request) => {
    const body = answers[String(request.headers['x-tc-action'])];
    if (body === undefined) badGateway(response, request);
    else gatewayAnswer({ RequestId: 'r-0', ...body })(response, request);
  };

export const hangUp: Behaviour = (_response, request) => request.socket.destroy();
export const badGateway: Behaviour = (response) => response.writeHead(502).end('<html>');
export const notJson: Behaviour = (response) => response.end('<html>maintenance');

/** Creates gateways on free loopback ports, and a function that closes all of them. */
export function testGateways() {
  const servers: http.Server[] = [];
  return {
    /** Serves the behaviours in turn and then repeats the last one; counts requests. */
    async startGateway(...behaviours: readonly Behaviour[]) {
      let requests = 0;
      const server = http.createServer((request, response) => {
        request.resume().on('end', () => {
          const behaviour = behaviours[Math.min(requests, behaviours.length - 1)];
          requests += 1;
          behaviour?.(response, request);
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      servers.push(server);
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return { endpoint, requests: () => requests };
    },
    connectionTo: (endpoint: string): CloudConnection =>
      CloudConnection.parse({
        id: 'test',
        name: 'Test',
        kind: 'tencent',
        endpoint,
        regions: ['ap-jakarta'],
        secretId: 'an-id',
        secretKey: 'a-very-secret-key',
        dns: null,
        portOffset: 0,
      }),
    close(): void {
      for (const server of servers.splice(0)) server.close();
    },
  };
}
