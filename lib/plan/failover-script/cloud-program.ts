/**
 * Part of the exported script: one call of DNSPod's API, signed with TC3-HMAC-SHA256.
 * https://www.tencentcloud.com/document/api/214/33224
 */
export const cloudProgram = String.raw`
import { createHash, createHmac } from 'node:crypto';
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';

const env = process.env;
const endpoint = new URL(env.SPILLWAY_ENDPOINT || 'https://dnspod.tencentcloudapi.com');
const callMs = 20000;

const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text, 'utf8').digest();

function authorization(body, timestamp) {
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const headers = 'content-type:application/json\nhost:' + endpoint.host + '\n';
  const request = ['POST', '/', '', headers, 'content-type;host', sha256(body)].join('\n');
  const scope = date + '/dnspod/tc3_request';
  const text = ['TC3-HMAC-SHA256', timestamp, scope, sha256(request)].join('\n');
  const dated = hmac('TC3' + env.TENCENTCLOUD_SECRET_KEY, date);
  const key = hmac(hmac(dated, 'dnspod'), 'tc3_request');
  const signature = createHmac('sha256', key).update(text, 'utf8').digest('hex');
  const credential = env.TENCENTCLOUD_SECRET_ID + '/' + scope;
  return 'TC3-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=content-type;host, Signature=' + signature;
}

async function call(action, params) {
  const body = JSON.stringify(params);
  const timestamp = Math.floor(Date.now() / 1000);
  const answer = await fetch(endpoint, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(callMs),
    headers: {
      'Content-Type': 'application/json',
      Authorization: authorization(body, timestamp),
      'X-TC-Action': action,
      'X-TC-Version': '2021-03-23',
      'X-TC-Timestamp': String(timestamp),
      ...(env.TENCENTCLOUD_TOKEN ? { 'X-TC-Token': env.TENCENTCLOUD_TOKEN } : {}),
    },
  });
  const { Response } = await answer.json();
  if (Response.Error) throw new Error(action + ': ' + Response.Error.Code + ': ' + Response.Error.Message);
  return Response;
}
`;
