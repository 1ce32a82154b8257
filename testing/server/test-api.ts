import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { startWebServer, type WebServer } from '@/lib/launch/web/web-server';
import { serveApi } from '@/lib/server/api/serve-api';
import { identifyToken } from '@/lib/server/auth/identify-token';

/** Serves a request below `/api/v1` as Next would. */
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const asked = new Request(`http://${headers.host}${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(hasBody && { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' }),
  } as RequestInit);
  const answer = await serveApi(asked);
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** Starts the API behind the dashboard's own gate, over HTTP, with API tokens. */
export function startTestApi(): Promise<WebServer> {
  return startWebServer({ port: 0 }, serve, {}, { token: identifyToken });
}
