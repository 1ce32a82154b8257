import type {
  BatchRecordInfo,
  DescribeBatchTaskDetail,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import type { WorldRecord, WorldRecordJob } from '../../world/dnspod';
import type { AccountWorld } from '../../world/world';
import type { Changed } from '../action';

type Nullable<T> = { [Field in keyof T]: T[Field] | null };
/** A record of a job; null throughout where it is gone. */
type RecordAnswer = Changed<Nullable<BatchRecordInfo>, { Id: number; Status: JobStatus }>;
export type ZoneAnswer = Changed<
  Required<DescribeBatchTaskDetail>,
  { RecordList: RecordAnswer[]; ErrMsg: string | null; Operation: string | null; Status: JobStatus }
>;

/** As the examples have them; `error` is an assumption. */
type JobStatus = 'waiting' | 'ok' | 'error';

type Outcome = { readonly status: JobStatus; readonly message: string | null };

export const waiting: Outcome = { status: 'waiting', message: null };
const done: Outcome = { status: 'ok', message: null };

/** A batch and how it went with each of its records. */
export type RecordJob = Omit<WorldRecordJob, 'errors'> & {
  readonly outcomeOf: (recordId: number) => Outcome;
};

/** A job that has run, else the one that its task is still to do, or failed to, or only said to have done. */
export function findJob(account: AccountWorld, id: number): RecordJob | null {
  const ended = account.recordJobs[id];
  if (ended) {
    const outcomeOf = (recordId: number): Outcome => {
      const message = ended.errors[recordId];
      return message === undefined ? done : { status: 'error', message };
    };
    return { ...ended, outcomeOf };
  }
  for (const { effect, outcome, message } of Object.values(account.tasks)) {
    if (effect.kind !== 'modifyRecords' || effect.job.id !== id) continue;
    const all: Outcome =
      outcome === 'running' ? waiting : outcome === 'done' ? done : { status: 'error', message };
    return { ...effect.job, outcomeOf: () => all };
  }
  return null;
}

function recordAnswer(
  index: number,
  id: number,
  record: WorldRecord | undefined,
  outcome: Outcome,
): RecordAnswer {
  return {
    Id: index,
    RecordId: id,
    SubDomain: record?.subdomain ?? null,
    RecordType: record?.type ?? null,
    RecordLine: record?.line ?? null,
    Value: record?.value ?? null,
    TTL: record?.ttlS ?? null,
    MX: record?.mx ?? null,
    Weight: record?.weight ?? null,
    Remark: record?.remark ?? null,
    Enabled: record ? Number(record.enabled) : null,
    Operation: 'edit',
    Status: outcome.status,
    ErrMsg: outcome.message,
  };
}

/** A zone is as well as its records: waiting while one waits, else in error when one is. */
function worst(statuses: readonly JobStatus[]): JobStatus {
  if (statuses.includes('waiting')) return 'waiting';
  return statuses.includes('error') ? 'error' : 'ok';
}

/** The records of a job by zone, as they are now. */
export function jobAnswer(account: AccountWorld, job: RecordJob): ZoneAnswer[] {
  const zones = [...new Set(job.records.map((record) => record.zone))];
  return zones.map((name, zoneIndex) => {
    const zone = account.zones[name];
    const records = job.records
      .filter((record) => record.zone === name)
      .map(({ id }, index) => {
        const record = zone?.records.find((each) => each.id === id);
        return recordAnswer(index, id, record, job.outcomeOf(id));
      });
    return {
      Id: zoneIndex,
      Domain: name,
      DomainId: zone?.id ?? 0,
      DomainGrade: zone?.grade ?? '',
      ErrMsg: null,
      Operation: null,
      Status: worst(records.map((record) => record.Status)),
      RecordList: records,
    };
  });
}
