import { createHash, createHmac } from 'node:crypto';
import http, { type RequestOptions } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import jmespath from 'jmespath';
import served from '@/lib/sandbox/world/served-actions.json';

/*
 * Stands in for tccli in tests: the same arguments, the same responses, through the same signed requests to a cloud's
 * API. It supports what the script uses and rejects everything else. After tccli 3.1 (format_output.py, text.py,
 * main.py of https://github.com/TencentCloud/tencentcloud-cli).
 */

export type TestAccount = { readonly api: string; readonly secretId: string; readonly secretKey: string };

class Failure extends Error {}

const known = ['--region', '--cli-input-json', '--filter', '--output'];

function readOptions(args: readonly string[]): Readonly<Record<string, string>> {
  const options: Record<string, string> = {};
  for (let i = 0; i < args.length; i += 2) {
    const [name = '', value] = args.slice(i, i + 2);
    if (!known.includes(name)) throw new Failure(`Unknown options: ${name}`);
    if (value === undefined) throw new Failure(`argument ${name}: expected one argument`);
    options[name.slice(2)] = value;
  }
  return options;
}

const sha256 = (data: string) => createHash('sha256').update(data, 'utf8').digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data, 'utf8').digest();

/** Signs a request with TC3-HMAC-SHA256. https://www.tencentcloud.com/document/api/214/33224 */
function authorize(account: TestAccount, service: string, body: string, timestamp: number): string {
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const headers = `content-type:application/json\nhost:${new URL(account.api).host}\n`;
  const request = ['POST', '/', '', headers, 'content-type;host', sha256(body)].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const toSign = ['TC3-HMAC-SHA256', timestamp, scope, sha256(request)].join('\n');
  const key = hmac(hmac(hmac(`TC3${account.secretKey}`, date), service), 'tc3_request');
  const signature = createHmac('sha256', key).update(toSign, 'utf8').digest('hex');
  return `TC3-HMAC-SHA256 Credential=${account.secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`;
}

function send(api: string, options: RequestOptions, body: string) {
  return new Promise<{ readonly status: number | undefined; readonly said: string }>((done, fail) => {
    const sent = http.request(api, options, (response) => {
      text(response).then((said) => done({ status: response.statusCode, said }), fail);
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

const services: Readonly<Record<string, { readonly version: string; readonly actions: readonly string[] }>> =
  served;

const refused = (code: string, message: string, requestId: string) =>
  new Failure(`[TencentCloudSDKException] code:${code} message:${message} requestId:${requestId}`);

async function call(account: TestAccount, service: string, action: string, region: string, body: string) {
  const found = services[service];
  if (!found?.actions.includes(action)) throw new Failure(`Invalid choice: ${service} ${action}`);
  const timestamp = Math.floor(Date.now() / 1000);
  const request = {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: authorize(account, service, body, timestamp),
      'X-TC-Action': action,
      'X-TC-Version': found.version,
      'X-TC-Timestamp': String(timestamp),
      'X-TC-Region': region,
    },
  };
  const answer = await send(account.api, request, body).catch((error: Error) => {
    throw refused('ClientNetworkError', error.message, 'None');
  });
  if (answer.status !== 200) throw refused('ServerNetworkError', answer.said, 'None');
  const { Response } = JSON.parse(answer.said);
  if (Response.Error) throw refused(Response.Error.Code, Response.Error.Message, Response.RequestId);
  return Response;
}

const word = (value: unknown) =>
  value === null ? 'None' : value === true ? 'True' : value === false ? 'False' : `${value}`;

/** Formats a value as `--output text` does: a scalar, a line of scalars, or several such lines. */
function textLines(value: unknown): readonly string[] {
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

async function runTccli(account: TestAccount, stdin: string, args: readonly string[]): Promise<string> {
  const [service = '', action = '', ...rest] = args;
  const { output, region, filter = '', 'cli-input-json': place } = readOptions(rest);
  if (output !== 'text') throw new Failure('only --output text is done here');
  if (place !== stdinPlace) throw new Failure(`only --cli-input-json ${stdinPlace} is done here`);
  const body = JSON.stringify(JSON.parse(stdin));
  // Without a region, that of its configuration.
  const answer = await call(account, service, action, region ?? 'ap-guangzhou', body);
  return textLines(jmespath.search(answer, filter))
    .map((line) => `${line}\n`)
    .join('');
}

const stdinPlace = 'file:///dev/stdin';

/** The program sends its input and its arguments, each ended by a zero byte, and receives its exit code and output. */
const program = (port: number) => `#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/${port}
for each in "$@"; do
  if [ "$each" = ${stdinPlace} ]; then IFS= read -r -d '' input; fi
done
printf '%s\\0' "$#" "$input" "$@" >&3
read -r code <&3
if [ "$code" = 0 ]; then exec cat <&3; fi
cat <&3 >&2
exit "$code"
`;

/**
 * Starts the server behind the `tccli` of a test's scripts, because a Node.js process for each call would take most of
 * their time.
 * @returns the text of the program
 */
export async function startTestTccli(account: TestAccount) {
  const server = createServer((socket) => {
    let sent = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      sent += chunk;
      const [count, stdin, ...args] = sent.split('\0').slice(0, -1);
      if (stdin === undefined || args.length < Number(count)) return;
      runTccli(account, stdin, args).then(
        (out) => socket.end(`0\n${out}`),
        ({ message }: Error) =>
          socket.end(`255\nusage: tccli [options] <command> <subcommand> [parameters]\n${message}\n`),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { program: program(port), stop: () => server.close() };
}
