import type { FailoverPolicy } from '@/lib/diversion/failover';
import { movedDomain } from '@/lib/diversion/moved-domain';
import { buildFlip, type SwitchDiversion, type SwitchSide } from '@/lib/diversion/switch';
import type { WriteCall } from '@/lib/estate/call';
import { getRecordSetState, listAddressRecords } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { addressRecordTypes, type RecordSetRef, type RecordState } from '@/lib/estate/object';
import type { HttpProbe } from '@/lib/estate/probe';
import { err, ok, type Result } from '@/lib/result';
import { findSides, otherSide, servingSide, sideProbe } from '../model/switch-sides';
import { planDiversion } from '../plan-diversion';
import { cloudProgram } from './cloud-program';
import { decideProgram } from './decide-program';
import { mainProgram } from './main-program';
import { moveProgram } from './move-program';
import { failoverProbeProgram } from './probe-program';

/** The reason why there is no script: a message key below `switch.script`. */
export type ScriptProblem = 'sideGone' | 'noAddress' | 'notBound' | 'nothingToMove' | 'capacity';

/** The settings at the head of the script as JSON, including everything that it knows about the account. */
export type ScriptSettings = {
  readonly domain: string;
  readonly zone: string;
  readonly subdomain: string;
  readonly from: SwitchSide;
  readonly to: SwitchSide;
  readonly policy: FailoverPolicy;
  readonly probes: { readonly serving: HttpProbe; readonly receiving: HttpProbe };
  readonly addressTypes: readonly string[];
  /** For each line of the name: the states of its records, before the first call and after each. */
  readonly lines: readonly {
    readonly lineId: string;
    readonly states: readonly (readonly RecordState[])[];
    readonly calls: readonly WriteCall[];
  }[];
};

type Moves = Pick<ScriptSettings, 'zone' | 'subdomain' | 'lines'>;

/** Returns the same calls in the same order as the plan of a move, with the states between them. */
function listMoves(
  estate: Estate,
  diversion: SwitchDiversion,
  toward: SwitchSide,
): Result<Moves, ScriptProblem> {
  const planned = planDiversion({ estate, diversion: buildFlip(diversion, toward), keepAliveS: 0 });
  if (!planned.ok) return err('sideGone');
  const writes = planned.value.steps.filter((step) => step.kind === 'write');
  // The script moves DNS and nothing else.
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
      // Whoever runs it supplies the key of the account that has the zone.
      calls: own.map(({ call: { connectionId: _owner, ...call } }) => call),
    };
  });
  return ok({ zone, subdomain, lines });
}

const head = (domain: string, takenAt: string) => `#!/usr/bin/env node
/*
 * Fails ${domain} over once by health, without Spillway. Made from the estate of ${takenAt}.
 *
 * Needs Node 18 and nothing else. Usage: node failover.mjs [--once] [--dry-run]
 *   --once     decides once, after as many rounds as the policy counts, and ends
 *   --dry-run  says what it would write, and writes nothing
 * Environment, with the key of the account that has the zone: TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, TENCENTCLOUD_TOKEN (temporary keys only);
 *   SPILLWAY_ENDPOINT (https://dnspod.tencentcloudapi.com), SPILLWAY_RESOLVER (ip or ip:port; the system's),
 *   SPILLWAY_PORT_OFFSET (added to ports below 1024; 0).
 * Ends with 0: moved now or before, or (--once) healthy; 1: (--once) it fails, but may not move; 2: refused.
 * It moves one way, and never back. It writes nothing when the records are not as they were when it was made.
 */`;

/**
 * Writes the script that does what a Switch with failover enabled does, as a fallback for when Spillway is unavailable:
 * probes of both sides by the policy, then the plan's own DNS calls from the serving side to the other. Pure: text from
 * data; it holds no key.
 * @returns the text of an ES module for Node ≥ 18, or why there is none
 */
export function failoverScript({
  estate,
  diversion,
  policy,
}: {
  readonly estate: Estate;
  readonly diversion: SwitchDiversion;
  readonly policy: FailoverPolicy;
}): Result<string, ScriptProblem> {
  // The script can't measure capacity, so it may not assume any.
  if (policy.capacity.length > 0) return err('capacity');
  const sides = findSides(estate, diversion);
  if (sides === null) return err('sideGone');
  const from = servingSide(estate, sides);
  const to = otherSide(from);
  const moves = listMoves(estate, diversion, to);
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
  };
  const parts = [
    head(domain, estate.takenAt),
    `const settings = ${JSON.stringify(settings, null, 2)};`,
    ...[cloudProgram, failoverProbeProgram, decideProgram, moveProgram, mainProgram],
  ];
  return ok(`${parts.map((part) => part.trim()).join('\n\n')}\n`);
}
