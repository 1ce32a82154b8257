import { z } from 'zod';
import { must, waitMs } from '../model/account';
import { type CertifyProbe, type Seen, seen, unknown, type WriteContext } from '../model/probe';

/** Addresses for test records, reserved for documentation: https://www.rfc-editor.org/rfc/rfc5737 */
const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3'] as const;

/** Adds an A record below the run's name. @returns its id */
async function addRecord(context: WriteContext, suffix: string, more: object = {}): Promise<number> {
  const { account, workspace, given } = context;
  const { RecordId: id } = await must(
    account,
    'dnspod',
    'CreateRecord',
    {
      Domain: given.zone,
      SubDomain: `${workspace.name}${suffix}`,
      RecordType: 'A',
      RecordLine: '默认',
      RecordLineId: '0',
      Value: addresses[0],
      ...more,
    },
    z.object({ RecordId: z.number() }),
  );
  workspace.created({
    kind: 'DNS record',
    zone: given.zone ?? '',
    id,
    name: `${workspace.name}${suffix}`,
  });
  return id;
}

/** The list may lag by 30 s: https://cloud.tencent.com/document/api/1427/56180 */
const lagBoundMs = 60_000;

async function indexLag(context: WriteContext): Promise<Seen> {
  const { account, given, workspace } = context;
  const id = await addRecord(context, '-lag');
  const startedAt = Date.now();
  for (;;) {
    const answer = await account.call('dnspod', 'DescribeRecordList', {
      Domain: given.zone,
      Subdomain: `${workspace.name}-lag`,
    });
    const lagMs = Date.now() - startedAt;
    const list = answer.ok
      ? z.object({ RecordList: z.array(z.object({ RecordId: z.number() })) }).parse(answer.body).RecordList
      : [];
    if (list.some((record) => record.RecordId === id))
      return seen(lagMs, `the list showed it after ${lagMs} ms`);
    if (lagMs > lagBoundMs) return unknown(`the list did not show it within ${lagBoundMs / 1000} s`);
    await waitMs(100);
  }
}

/** The number of modifications to try: one of our records is locked for at most an hour. */
const modificationsTried = 9;

async function unchangedMax(context: WriteContext): Promise<Seen> {
  const { account, given, workspace } = context;
  const id = await addRecord(context, '-same');
  for (let count = 0; count < modificationsTried; count += 1) {
    const answer = await account.call('dnspod', 'ModifyRecord', {
      Domain: given.zone,
      RecordId: id,
      SubDomain: `${workspace.name}-same`,
      RecordType: 'A',
      RecordLine: '默认',
      RecordLineId: '0',
      Value: addresses[0],
    });
    if (answer.ok) continue;
    const evidence = `modification ${count + 1} that changed nothing was refused: ${answer.code} (request ${answer.requestId})`;
    if (!answer.code.includes('Frequent') && !answer.code.startsWith('LimitExceeded'))
      return unknown(evidence);
    return seen(Math.max(0, count - 1), evidence);
  }
  return seen(0, `${modificationsTried} modifications that changed nothing were accepted`);
}

async function cnameConflict(context: WriteContext): Promise<Seen> {
  const { account, given, workspace } = context;
  await addRecord(context, '-cname');
  const answer = await account.call('dnspod', 'CreateRecord', {
    Domain: given.zone,
    SubDomain: `${workspace.name}-cname`,
    RecordType: 'CNAME',
    RecordLine: '默认',
    RecordLineId: '0',
    Value: `${workspace.name}-lag.${given.zone}.`,
  });
  if (!answer.ok)
    return seen(answer.code, `CreateRecord was refused: ${answer.code} (request ${answer.requestId})`);
  const { RecordId: id } = z.object({ RecordId: z.number() }).parse(answer.body);
  workspace.created({ kind: 'DNS record', zone: given.zone ?? '', id, name: `${workspace.name}-cname` });
  return unknown('a CNAME was accepted beside an A record');
}

/** The time for which a removed weight may still show. */
const weightShownMs = 3000;

async function unsetWeight(context: WriteContext): Promise<Seen> {
  const { account, given, workspace } = context;
  const id = await addRecord(context, '-unset', { Weight: 10 });
  const answer = await account.call('dnspod', 'ModifyRecordFields', {
    Domain: given.zone,
    RecordId: id,
    FieldList: [{ Key: 'weight', Value: '0' }],
  });
  if (!answer.ok) {
    const evidence = `weight 0 was refused: ${answer.code} (request ${answer.requestId})`;
    return answer.code.startsWith('InvalidParameter') ? seen('refused', evidence) : unknown(evidence);
  }
  const Shown = z.object({ RecordInfo: z.object({ Weight: z.number().nullish() }) });
  const deadline = Date.now() + weightShownMs;
  for (;;) {
    const params = { Domain: given.zone, RecordId: id };
    const { RecordInfo: record } = await must(account, 'dnspod', 'DescribeRecord', params, Shown);
    const evidence = `after weight 0 ${workspace.name}-unset reads as weight ${record.Weight ?? 'none'}`;
    if (!record.Weight) return seen('unset', evidence);
    if (Date.now() > deadline) return seen('kept', evidence);
    await waitMs(250);
  }
}

const queries = 200;
/** The longest time until name servers answer for new records. */
const answersBoundMs = 60_000;

/**
 * Queries the zone's name servers for three records of weight 1, 9 and none. If all weights are ignored, the three get
 * the same share; otherwise the last one gets none, or 1 of 11.
 */
async function mixedWeights(context: WriteContext): Promise<Seen> {
  const { given, workspace, resolve } = context;
  const plans: readonly object[] = [
    { Value: addresses[0], Weight: 1 },
    { Value: addresses[1], Weight: 9 },
    { Value: addresses[2] },
  ];
  for (const more of plans) await addRecord(context, '-weights', more);
  const name = `${workspace.name}-weights.${given.zone}`;
  const counts = new Map<string, number>();
  const deadline = Date.now() + answersBoundMs;
  for (let asked = 0; asked < queries; ) {
    const [first] = await resolve(name, given.zone ?? '');
    if (first === undefined) {
      if (Date.now() > deadline) return unknown(`${name} has no answer within ${answersBoundMs / 1000} s`);
      await waitMs(500);
      continue;
    }
    counts.set(first, (counts.get(first) ?? 0) + 1);
    asked += 1;
  }
  const share = (address: string) => (counts.get(address) ?? 0) / queries;
  const [light, heavy, unset] = addresses.map(share) as [number, number, number];
  const evidence = `of ${queries} answers weight 1 came first in ${percent(light)}, weight 9 in ${percent(heavy)}, no weight in ${percent(unset)}`;
  // Thresholds lie half-way between the shares expected by the three interpretations of the documentation.
  if (heavy < 0.58) return seen('roundRobin', evidence);
  return seen(unset < 0.02 ? 'weightedOnly' : 'unsetIsOne', evidence);
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Probes of DNSPod, in a zone that the user names. */
export const dnsProbes = {
  'dnspod.indexLagMs': { mode: 'write', needs: ['zone'], tolerance: 1500, run: indexLag },
  'dnspod.unchangedMax': { mode: 'write', needs: ['zone'], run: unchangedMax },
  'dnspod.cnameConflict': { mode: 'write', needs: ['zone'], run: cnameConflict },
  'dnspod.unsetWeight': { mode: 'write', needs: ['zone'], run: unsetWeight },
  'dns.mixedWeights': { mode: 'write', needs: ['zone'], run: mixedWeights },
} as const satisfies Record<string, CertifyProbe>;
