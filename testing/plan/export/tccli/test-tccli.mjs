/**
 * Stands in for tccli in tests: the same arguments, the same responses, through the same signed requests to a cloud's
 * API at SANDBOX_API. It supports what the script uses and rejects everything else. After tccli 3.1 (format_output.py,
 * text.py, main.py of https://github.com/TencentCloud/tencentcloud-cli).
 */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import jmespath from 'jmespath';

const served = JSON.parse(
  readFileSync(new URL('../../../../lib/sandbox/world/served-actions.json', import.meta.url), 'utf8'),
);
const { SANDBOX_API, TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY } = process.env;

class Failure extends Error {}

function optionsOf(args) {
  const known = ['--region', '--cli-input-json', '--filter', '--output'];
  const options = {};
  for (let i = 0; i < args.length; i += 2) {
    if (!known.includes(args[i])) throw new Failure(`Unknown options: ${args[i]}`);
    if (args[i + 1] === undefined) throw new Failure(`argument ${args[i]}: expected one argument`);
    options[args[i].slice(2)] = args[i + 1];
  }
  return options;
}

function requestOf(place) {
  const [, path] = /^file:\/\/(.*)$/.exec(place ?? '') ?? [];
  if (path === undefined) throw new Failure("--cli-input-json must begin with 'file://'");
  return JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
}

const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text, 'utf8').digest();

/** Signs a request with TC3-HMAC-SHA256. https://www.tencentcloud.com/document/api/214/33224 */
function authorization(service, host, body, timestamp) {
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const headers = `content-type:application/json\nhost:${host}\n`;
  const request = ['POST', '/', '', headers, 'content-type;host', sha256(body)].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const text = ['TC3-HMAC-SHA256', timestamp, scope, sha256(request)].join('\n');
  const key = hmac(hmac(hmac(`TC3${TENCENTCLOUD_SECRET_KEY}`, date), service), 'tc3_request');
  const signature = createHmac('sha256', key).update(text, 'utf8').digest('hex');
  return `TC3-HMAC-SHA256 Credential=${TENCENTCLOUD_SECRET_ID}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`;
}

/** Scripts start this program many times, and this loads faster than fetch. */
function send(options, body) {
  return new Promise((done, fail) => {
    const sent = http.request(SANDBOX_API, options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => done({ status: response.statusCode, text: `${Buffer.concat(chunks)}` }));
      response.on('error', fail);
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

async function call(service, action, region, body) {
  const known = served[service];
  if (!known?.actions.includes(action)) throw new Failure(`Invalid choice: ${service} ${action}`);
  const timestamp = Math.floor(Date.now() / 1000);
  const refused = (code, message, requestId) =>
    new Failure(`[TencentCloudSDKException] code:${code} message:${message} requestId:${requestId}`);
  const request = {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: authorization(service, new URL(SANDBOX_API).host, body, timestamp),
      'X-TC-Action': action,
      'X-TC-Version': known.version,
      'X-TC-Timestamp': String(timestamp),
      // The region of its configuration where no region is given.
      'X-TC-Region': region ?? 'ap-guangzhou',
    },
  };
  const answer = await send(request, body).catch((error) => {
    throw refused('ClientNetworkError', error.message, 'None');
  });
  if (answer.status !== 200) throw refused('ServerNetworkError', answer.text, 'None');
  const { Response } = JSON.parse(answer.text);
  if (Response.Error) {
    const { Code, Message } = Response.Error;
    throw refused(Code, Message, Response.RequestId);
  }
  return Response;
}

const word = (value) =>
  value === null ? 'None' : value === true ? 'True' : value === false ? 'False' : `${value}`;

/** Formats a value as `--output text` does: a scalar, a line of scalars, or several such lines. */
function textLines(value) {
  if (!Array.isArray(value)) {
    if (value !== null && typeof value === 'object') throw new Failure('the filter leaves an object');
    return [word(value)];
  }
  const rows = value.filter(Array.isArray);
  const scalars = value.filter((each) => !Array.isArray(each));
  return [
    ...(scalars.length > 0 ? [scalars.map(word).join('\t')] : []),
    ...rows.filter((row) => row.length > 0).flatMap(textLines),
  ];
}

async function main() {
  const [service, action, ...rest] = process.argv.slice(2);
  const options = optionsOf(rest);
  if (options.output !== 'text') throw new Failure('only --output text is done here');
  const answer = await call(service, action, options.region, requestOf(options['cli-input-json']));
  for (const line of textLines(jmespath.search(answer, options.filter))) console.log(line);
}

main().catch((error) => {
  process.stderr.write(`usage: tccli [options] <command> <subcommand> [parameters]\n${error.message}\n`);
  process.exitCode = 255;
});
