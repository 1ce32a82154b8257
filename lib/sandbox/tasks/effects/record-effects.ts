import { ApiError } from '@/lib/sandbox/model/api-error';
import { checkRecord, recordObject, refuseDefaultNs } from '@/lib/sandbox/model/dns/check-record';
import { recordValue } from '@/lib/sandbox/model/dns/record-value';
import type { WorldRecord, WorldZone } from '../../world/dnspod';
import type { RecordEffect } from '../../world/effect';
import type { AccountWorld } from '../../world/world';
import type { EffectHandlers } from './handlers';

/** The maximum number of jobs per account for queries. The cloud's retention is not documented. */
const jobsKept = 1000;

function forgetOldJobs(account: AccountWorld): void {
  const old = Object.values(account.recordJobs).sort((a, b) => b.id - a.id);
  for (const job of old.slice(jobsKept)) delete account.recordJobs[job.id];
}

type Outcome = {
  readonly changed: readonly { readonly zone: WorldZone; readonly record: WorldRecord }[];
  readonly errors: Readonly<Record<string, string>>;
};

/**
 * Returns the changed record.
 * @throws ApiError if the change is invalid
 */
function changedRecord(zone: WorldZone | undefined, id: number, change: Partial<WorldRecord>): WorldRecord {
  const before = zone?.records.find((record) => record.id === id);
  if (!zone || !before) throw new ApiError('InvalidParameter.RecordIdInvalid', `The record ${id} is gone.`);
  refuseDefaultNs(before);
  if (zone.locked) throw new ApiError('FailedOperation.DomainIsLocked', `The domain ${zone.name} is locked.`);
  const after = { ...before, ...change };
  const record = { ...after, value: recordValue(after.type, after.value) };
  checkRecord(zone, record, 'InvalidParameter.DomainRecordExist');
  return record;
}

function computeOutcome(account: AccountWorld, { job, change }: RecordEffect): Outcome {
  const changed: { zone: WorldZone; record: WorldRecord }[] = [];
  const errors: Record<string, string> = {};
  const zones: Record<string, WorldZone> = { ...account.zones };
  for (const { id, zone: name } of job.records) {
    const zone = zones[name];
    try {
      const record = changedRecord(zone, id, change);
      if (!zone) continue;
      const next = { ...zone, records: zone.records.map((other) => (other.id === id ? record : other)) };
      zones[name] = next;
      changed.push({ zone: next, record });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      errors[id] = error.message;
    }
  }
  return { changed, errors };
}

export const recordEffects: EffectHandlers<RecordEffect> = {
  modifyRecords: {
    apply(account, effect) {
      const { changed, errors } = computeOutcome(account, effect);
      for (const { zone, record } of changed) {
        const kept = account.zones[zone.name];
        if (kept) kept.records = kept.records.map((other) => (other.id === record.id ? record : other));
      }
      account.recordJobs[effect.job.id] = { ...effect.job, errors: { ...errors } };
      forgetOldJobs(account);
    },
    objects: (account, effect) =>
      computeOutcome(account, effect).changed.map(({ zone, record }) => recordObject(zone, record)),
  },
};
