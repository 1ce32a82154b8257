/**
 * Exits with 0 if the dashboard with these settings answers: the health check of the container. It asks its own
 * machine, so the name in the certificate doesn't matter.
 */
import { get } from 'node:http';
import { get as getWithTls } from 'node:https';

const { PORT = '3000', HOST = '127.0.0.1', SPILLWAY_TLS_CERT } = process.env;
const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
const asked = { host, port: PORT, path: '/api/health/live', headers: { host: 'localhost' } };

/** @param {string | null} problem */
function end(problem) {
  if (problem !== null) console.error(problem);
  process.exit(problem === null ? 0 : 1);
}

/** @param {import('node:http').IncomingMessage} response */
function judge({ statusCode }) {
  end(statusCode === 200 ? null : `The dashboard answers ${statusCode}.`);
}

const request = SPILLWAY_TLS_CERT
  ? getWithTls({ ...asked, rejectUnauthorized: false }, judge)
  : get(asked, judge);
request.on('error', (error) => end(`The dashboard doesn’t answer: ${error.message}`));
