import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WorldInstance } from '../world/network';

/** The response of a sandbox instance's web server: which instance it is, and the request that it received. */
export type InstanceAnswer = {
  readonly instanceId: string;
  readonly name: string;
  readonly zone: string;
  /** The private address that answered. */
  readonly address: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly bodyBytes: number;
};

/** Reads the request to its end, then responds with JSON to a client that accepts it, otherwise with a small page. */
export function answerAsInstance(
  instance: WorldInstance,
  ip: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    answer(instance, ip, request, response, 0);
    return;
  }
  let bodyBytes = 0;
  request.on('data', (chunk: Buffer) => {
    bodyBytes += chunk.length;
  });
  request.on('end', () => answer(instance, ip, request, response, bodyBytes));
}

function answer(
  instance: WorldInstance,
  ip: string,
  request: IncomingMessage,
  response: ServerResponse,
  bodyBytes: number,
): void {
  const json = request.headers.accept?.includes('application/json') ?? false;
  const body = json
    ? `${JSON.stringify(instanceAnswer(instance, ip, request, bodyBytes))}\n`
    : page(instance, ip, request);
  response.writeHead(200, [
    'Content-Type',
    json ? 'application/json' : 'text/html; charset=utf-8',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'X-Instance-Id',
    instance.id,
  ]);
  response.end(body);
}

function instanceAnswer(
  instance: WorldInstance,
  ip: string,
  request: IncomingMessage,
  bodyBytes: number,
): InstanceAnswer {
  return {
    instanceId: instance.id,
    name: instance.name,
    zone: instance.zone,
    address: ip,
    host: request.headers.host ?? '',
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    bodyBytes,
  };
}

function page(
  { name, id, zone }: WorldInstance,
  ip: string,
  { method, headers, url }: IncomingMessage,
): string {
  const title = escapeHtml(`${name} (${id})`);
  const asked = escapeHtml(`${method} ${headers.host ?? ''}${url}`);
  return `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><p>${escapeHtml(`${zone} ${ip}`)}</p><p>${asked}</p></body></html>\n`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
