import { type ServerResponse, STATUS_CODES } from 'node:http';

/** Ends a request with an answer that the load balancer itself makes. Cuts the connection if an answer has begun. */
export function sendErrorPage(response: ServerResponse, status: number): void {
  const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
  sendText(
    response,
    status,
    'text/html',
    `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
  );
}

/** As `sendErrorPage`, with a body of the caller's. */
export function sendText(response: ServerResponse, status: number, contentType: string, body: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
