import type {
  BatchRecordInfo,
  DescribeBatchTaskDetail,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import type { WorldRecord, WorldRecordJob } from '../../world/dnspod';
import type { AccountWorld } from '../../world/world';
import type { WithFields } from '../action';

type Nullable<T> = { [Field in keyof T]: T[Field] | null };
/** A record of a job; all fields are null if it has been deleted. */
type RecordAnswer = WithFields<Nullable<BatchRecordInfo>, { Id: number; Status: JobStatus }>;
export type JobZoneAnswer = WithFields<
  Required<DescribeBatchTaskDetail>,
  { RecordList: RecordAnswer[]; ErrMsg: string | null; Operation: string | null; Status: JobStatus }
>;

/** The statuses in the examples; `error` is an assumption. */
type JobStatus = 'waiting' | 'ok' | 'error';

type Outcome = { readonly status: JobStatus; readonly message: string | null };

export const waiting: Outcome = { status: 'waiting', message: null };
const done: Outcome = { status: 'ok', message: null };

/** A batch and the result for each of its records. */
export type RecordJob = Omit<WorldRecordJob, 'errors'> & {
  readonly outcomeOf: (recordId: number) => Outcome;
};

/** Returns a job that has run, else the one that its task has yet to run, failed to run, or only reported as run. */
export function findJob(account: AccountWorld, id: number): RecordJob | null {
  const ended = account.recordJobs[id];
  if (ended) {
    const recordOutcome = (recordId: number): Outcome => {
      const message = ended.errors[recordId];
      return message === undefined ? done : { status: 'error', message };
    };
    return { ...ended, outcomeOf: recordOutcome };
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

/** Returns the status of a zone from its records: waiting while one waits, else error if any has one. */
function worst(statuses: readonly JobStatus[]): JobStatus {
  if (statuses.includes('waiting')) return 'waiting';
  return statuses.includes('error') ? 'error' : 'ok';
}

/** Returns the records of a job by zone, in their current state. */
export function jobAnswer(account: AccountWorld, job: RecordJob): JobZoneAnswer[] {
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
