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

/** How it went with one record of a job, from the job's task and what it noted. */
function outcomeOf(account: AccountWorld, job: WorldRecordJob, id: number): Outcome {
  const message = job.errors?.[id];
  if (message !== undefined) return { status: 'error', message };
  const task = account.tasks[job.taskId];
  if (job.errors !== null || task?.outcome === 'done') return { status: 'ok', message: null };
  if (task?.outcome === 'failed') return { status: 'error', message: task.message };
  return { status: 'waiting', message: null };
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
export function jobAnswer(account: AccountWorld, job: WorldRecordJob): ZoneAnswer[] {
  const zones = [...new Set(job.records.map((record) => record.zone))];
  return zones.map((name, zoneIndex) => {
    const zone = account.zones[name];
    const records = job.records
      .filter((record) => record.zone === name)
      .map(({ id }, index) => {
        const record = zone?.records.find((each) => each.id === id);
        return recordAnswer(index, id, record, outcomeOf(account, job, id));
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
