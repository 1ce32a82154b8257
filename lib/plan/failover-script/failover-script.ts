import type { FailoverPolicy } from '@/lib/diversion/failover';
import { movedDomain } from '@/lib/diversion/routes';
import { buildFlip, type SwitchDiversion, type SwitchSide } from '@/lib/diversion/switch';
import type { WriteCall } from '@/lib/estate/call';
import { addressRecordTypes, getRecordSetState, listAddressRecords } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { RecordSetRef, RecordState } from '@/lib/estate/object';
import type { HttpProbe } from '@/lib/estate/probe';
import { type HeadFinding, hasLoss, listFindingLines } from '@/lib/plan/export/head-finding';
import { err, ok, type Result } from '@/lib/result';
import type { OriginalTtl } from '../model/model';
import { findSides, otherSide, servingSide, sideProbe } from '../model/switch-sides';
import { planDiversion } from '../plan-diversion';
import { moveProgram } from './move-program';
import { failoverProbeProgram } from './probe-program';

/**
 * Part of the exported script: the decision of `decideFailover` from rounds of one serving side; a test compares the
 * two.
 */
export const decideProgram = `
function decide(policy, rounds, movedAt, now) {
  const recent = rounds.slice(-policy.of);
  const failing = policy.vantages.filter(
    (_, index) => recent.filter((round) => !round.seen[index].passed).length >= policy.failures,
  ).length;
  if (failing === 0) return 'healthy';
  if (failing < policy.quorum) return 'unsure';
  if (movedAt !== null && now < movedAt + policy.holdDownS * 1000) return 'holdDown';
  const proof = rounds.slice(-policy.proof);
  const isProved = proof.length === policy.proof && proof.every((round) => round.receiving.passed);
  return isProved ? 'failOver' : 'receiverFails';
}
`;

/** Part of the exported script: reads, watches, decides, moves once and ends. */
const mainProgram = `
const say = (text) => console.log(new Date().toISOString() + ' ' + text);
const roundsKept = 20;

const words = {
  healthy: 'healthy',
  unsure: 'too few vantages see it fail',
  holdDown: 'fails, but the name has moved too lately',
  receiverFails: 'fails, but ' + settings.to + ' has not proved itself',
};

async function main() {
  const options = process.argv.slice(2);
  const unknown = options.find((option) => option !== '--once' && option !== '--dry-run');
  if (unknown) throw new Refused('unknown option ' + unknown + '; there are --once and --dry-run');
  const [isOnce, isDry] = ['--once', '--dry-run'].map((option) => options.includes(option));
  const { domain, from, to, policy, mustAccept } = settings;
  if (mustAccept && !isDry && env.SPILLWAY_ACCEPT !== domain)
    throw new Refused('clients get errors, see LOSSES at the top of this file; to accept them, set SPILLWAY_ACCEPT to ' + domain);
  if (!env.TENCENTCLOUD_SECRET_ID || !env.TENCENTCLOUD_SECRET_KEY)
    throw new Refused('set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY');
  const records = await readRecords();
  const at = positions(records);
  if (isMoved(at)) {
    const isLeft = restoresLeft(at).length > 0;
    say(domain + ' is at ' + to + ' already; ' + (isLeft ? 'its old TTL is not restored yet' : 'nothing to do'));
    await restore(isDry);
    return 0;
  }
  // A move that an earlier process of this script began is finished without waiting.
  const isBegun = at.some((calls) => calls > 0);
  const movedAt = isBegun || records.length === 0 ? null : Math.max(...records.map((r) => r.updatedAt));
  const rounds = [];
  say('watching ' + domain + ' at ' + from + ' every ' + policy.everyS + ' s');
  let last = '';
  for (;;) {
    const round = await askRound();
    rounds.push(round);
    rounds.splice(0, rounds.length - roundsKept);
    const decision = decide(policy, rounds, movedAt, Date.now());
    if (decision === 'failOver') {
      const failures = round.seen.map((answer) => answer.failure || 'ok');
      say(from + ' fails (' + failures.join('; ') + '), ' + to + ' answers: moving ' + domain);
      await move(isDry);
      say(isDry ? 'dry run: nothing was written' : domain + ' is at ' + to + ' now, and stays there');
      if (!isDry) await restore(isDry);
      return 0;
    }
    if (decision !== last) say(domain + ': ' + words[decision]);
    last = decision;
    if (isOnce && rounds.length >= Math.max(policy.of, policy.proof)) return decision === 'healthy' ? 0 : 1;
    await pause(policy.everyS * 1000);
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(new Date().toISOString() + ' refused: ' + error.message);
    process.exit(2);
  },
);

`;

/**
 * Part of the exported script: one call of DNSPod's API, signed with TC3-HMAC-SHA256.
 * https://www.tencentcloud.com/document/api/214/33224
 */
const cloudProgram = String.raw`
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

/** The reason why there is no script: a message key below `switch.script`. */
export type ScriptProblem = 'sideGone' | 'noAddress' | 'notBound' | 'nothingToMove' | 'capacity';

/** The settings at the head of the script as JSON: all of its data about the account. */
export type ScriptSettings = {
  readonly domain: string;
  readonly zone: string;
  readonly subdomain: string;
  readonly from: SwitchSide;
  readonly to: SwitchSide;
  readonly policy: FailoverPolicy;
  readonly probes: { readonly serving: HttpProbe; readonly receiving: HttpProbe };
  readonly addressTypes: readonly string[];
  /** True if the script writes nothing before its user accepts its losses. */
  readonly mustAccept: boolean;
  /** The time from the last move until the TTLs from before an earlier run lowered them are restored, in seconds. */
  readonly drainS: number;
  /** For each line of the name: the states of its records, before the first call and after each. */
  readonly lines: readonly {
    readonly lineId: string;
    readonly states: readonly (readonly RecordState[])[];
    readonly calls: readonly WriteCall[];
    /** The number of calls that move the name; the rest restore its TTL. */
    readonly moves: number;
  }[];
};

type Moves = Pick<ScriptSettings, 'zone' | 'subdomain' | 'drainS' | 'lines'>;

/** The sources of a script. */
export type ScriptInput = {
  readonly estate: Estate;
  readonly diversion: SwitchDiversion;
  readonly policy: FailoverPolicy;
  /** The TTLs that earlier runs have lowered: the script restores them once the name has moved. */
  readonly originalTtls: readonly OriginalTtl[];
  /** The time for which clients keep a connection, in seconds. */
  readonly keepAliveS: number;
  /** The findings that the reader must know of. */
  readonly findings: readonly HeadFinding[];
};

/** Returns the same calls in the same order as the plan of a move, with the states between them. */
function listMoves(
  { estate, diversion, originalTtls, keepAliveS }: ScriptInput,
  toward: SwitchSide,
): Result<Moves, ScriptProblem> {
  // Like a failover, it doesn't wait for answers from before a TTL was lowered.
  const originals = originalTtls.map((each) => ({ ...each, cachedS: 0 }));
  const intent = buildFlip(diversion, toward);
  const planned = planDiversion({ estate, diversion: intent, keepAliveS, originalTtls: originals });
  if (!planned.ok) return err('sideGone');
  const { steps } = planned.value;
  const writes = steps.filter((step) => step.kind === 'write');
  // The script only changes DNS.
  if (writes.some(({ object }) => object.kind !== 'recordSet')) return err('notBound');
  const sets = writes.flatMap(({ object }) => (object.kind === 'recordSet' ? [object] : []));
  const [first] = sets;
  if (first === undefined) return err('nothingToMove');
  const { zone, subdomain } = first;
  const records = listAddressRecords(estate, movedDomain(diversion)).filter((r) => r.zone === zone);
  const lineIds = new Set([...records, ...sets].map(({ lineId }) => lineId));
  const lines = [...lineIds].map((lineId) => {
    const own = writes.filter(({ object }) => object.kind === 'recordSet' && object.lineId === lineId);
    const set: RecordSetRef = { kind: 'recordSet', zone, subdomain, lineId, line: '' };
    const after = own.flatMap((step) => (step.after.kind === 'recordSet' ? [step.after.records] : []));
    return {
      lineId,
      states: [getRecordSetState(estate, set).records, ...after],
      // Its user supplies the key of the account with the zone.
      calls: own.map(({ call: { connectionId: _owner, ...call } }) => call),
      moves: own.filter(({ phase }) => phase !== 'drain').length,
    };
  });
  const waits = steps.flatMap((step) => (step.kind === 'bake' && step.phase === 'drain' ? [step.bakeS] : []));
  return ok({ zone, subdomain, drainS: Math.max(0, ...waits), lines });
}

const head = (domain: string, takenAt: string, findings: readonly HeadFinding[]) => `#!/usr/bin/env node
${listFindingLines(findings)
  .map((line) => `// ${line}\n`)
  .join('')}\
/*
 * Fails ${domain} over once by health, without Spillway. Made from the estate of ${takenAt}.
 *
 * Needs Node 18 and nothing else. Usage: node failover.mjs [--once] [--dry-run]
 *   --once     decides once, after as many rounds as the policy counts, and ends
 *   --dry-run  says what it would write, and writes nothing
 * Environment, with the key of the account that has the zone: TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, TENCENTCLOUD_TOKEN (temporary keys only);
 *   SPILLWAY_ENDPOINT (https://dnspod.tencentcloudapi.com), SPILLWAY_RESOLVER (ip or ip:port; the system's),
 *   SPILLWAY_PORT_OFFSET (added to ports below 1024; 0); SPILLWAY_ACCEPT (where losses are listed above: the name, which
 *   accepts them).
 * Ends with 0: moved now or before, or (--once) healthy; 1: (--once) it fails, but may not move; 2: refused.
 * It moves one way, and never back. A TTL that was lowered for an earlier move is restored once old answers have
 * expired. It writes nothing when the records are not as they were when it was made.
 */`;

/**
 * Writes the script that acts like a Switch with failover enabled, as a fallback for when Spillway is unavailable: it
 * probes both sides by the policy, then sends the plan's own DNS calls from the serving side to the other. Pure: text
 * from data; it holds no key.
 * @returns the text of an ES module for Node ≥ 18, or the reason why it can't be created
 */
export function failoverScript(input: ScriptInput): Result<string, ScriptProblem> {
  const { estate, diversion, policy } = input;
  // The script can't measure capacity, so it must not assume any.
  if (policy.capacity.length > 0) return err('capacity');
  const sides = findSides(estate, diversion);
  if (sides === null) return err('sideGone');
  const from = servingSide(estate, sides);
  const to = otherSide(from);
  const moves = listMoves(input, to);
  if (!moves.ok) return moves;
  const serving = sideProbe(sides, from);
  const receiving = sideProbe(sides, to);
  if (serving === undefined || receiving === undefined) return err('noAddress');
  const domain = movedDomain(diversion);
  const settings: ScriptSettings = {
    domain,
    ...moves.value,
    from,
    to,
    policy,
    probes: { serving, receiving },
    addressTypes: addressRecordTypes,
    mustAccept: hasLoss(input.findings),
  };
  const parts = [
    head(domain, estate.takenAt, input.findings),
    `const settings = ${JSON.stringify(settings, null, 2)};`,
    ...[cloudProgram, failoverProbeProgram, decideProgram, moveProgram, mainProgram],
  ];
  return ok(`${parts.map((part) => part.trim()).join('\n\n')}\n`);
}
