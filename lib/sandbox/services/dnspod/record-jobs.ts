import type {
  BatchRecordInfo,
  DescribeBatchTaskDetail,
  ModifyRecordBatchRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { ApiError, missingParameter } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldRecord, WorldRecordJob } from '../../world/dnspod';
import type { WorldTask } from '../../world/task';
import type { AccountWorld } from '../../world/world';
import { action, type WithFields } from '../action';
import { fieldChange } from './record-fields';

type Nullable<T> = { [Field in keyof T]: T[Field] | null };
/** A record of a job; all fields are null if it has been deleted. */
type RecordAnswer = WithFields<Nullable<BatchRecordInfo>, { Id: number; Status: JobStatus }>;
type JobZoneAnswer = WithFields<
  Required<DescribeBatchTaskDetail>,
  { RecordList: RecordAnswer[]; ErrMsg: string | null; Operation: string | null; Status: JobStatus }
>;

/** The statuses in the examples; `error` is an assumption. */
type JobStatus = 'waiting' | 'ok' | 'error';

type Outcome = { readonly status: JobStatus; readonly message: string | null };

const waiting: Outcome = { status: 'waiting', message: null };
const done: Outcome = { status: 'ok', message: null };

/** A batch and the result for each of its records. */
type RecordJob = Omit<WorldRecordJob, 'errors'> & {
  readonly outcomeOf: (recordId: number) => Outcome;
};

function findJob(account: AccountWorld, id: number): RecordJob | null {
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

function jobAnswer(account: AccountWorld, job: RecordJob): JobZoneAnswer[] {
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

/** The maximum of running jobs per account (`InvalidParameter.BatchTaskCountLimit`: 4). */
const runningMax = 4;
/** Ids start in a range that no seed uses. */
const firstJobId = 1_900_000;

const fieldOfChange: Readonly<Record<string, string>> = {
  sub_domain: 'sub_domain',
  record_type: 'record_type',
  area: 'record_line',
  value: 'value',
  mx: 'mx',
  ttl: 'ttl',
  status: 'status',
};

export const batchChanges: readonly string[] = Object.keys(fieldOfChange);

/**
 * Returns a request's change to each record.
 * @throws ApiError MissingParameter for a type without its value, InvalidParameter.MxInvalid for MX without a priority
 */
function toChange(request: ModifyRecordBatchRequest): Partial<WorldRecord> {
  const { Change: name, ChangeTo: to, Value: value, MX: mx } = request;
  const change = fieldChange(fieldOfChange[name] ?? name, to);
  if (name !== 'record_type') return change;
  if (value === undefined) {
    throw missingParameter('To change `record_type`, the parameter `Value` is needed.');
  }
  if (to === 'MX' && mx === undefined) {
    throw new ApiError('InvalidParameter.MxInvalid', 'A record of the type MX needs the parameter `MX`.');
  }
  return { ...change, value, ...(mx === undefined ? {} : fieldChange('mx', mx)) };
}

/** Returns each of the records once, with its zone. @throws ApiError InvalidParameter.RecordIdInvalid */
function listPlaces(account: AccountWorld, ids: readonly number[]): { id: number; zone: string }[] {
  const zoneOf = new Map(
    Object.values(account.zones).flatMap((zone) =>
      zone.records.map((record) => [record.id, zone.name] as const),
    ),
  );
  return [...new Set(ids)].map((id) => {
    const zone = zoneOf.get(id);
    if (zone === undefined) {
      throw new ApiError(
        'InvalidParameter.RecordIdInvalid',
        `The parameter \`RecordIdList\` names no record: ${id}.`,
      );
    }
    return { id, zone };
  });
}

function runningJobs(account: AccountWorld): number {
  const isRunning = ({ effect, outcome }: WorldTask) =>
    effect.kind === 'modifyRecords' && outcome === 'running';
  return Object.values(account.tasks).filter(isRunning).length;
}

type BatchAnswer = { DetailList: JobZoneAnswer[] };

/**
 * Changes one field of many records, also across domains, as a job: https://cloud.tencent.com/document/api/1427/56156.
 * The job reports what can't be changed; the other records are unaffected.
 */
export const modifyRecordBatch = action<'dnspod.ModifyRecordBatch', BatchAnswer>((request, context) => {
  const { account, now } = context;
  const change = toChange(request);
  const records = listPlaces(account, request.RecordIdList.map(Number));
  if (runningJobs(account) >= runningMax) {
    throw new ApiError(
      'InvalidParameter.BatchTaskCountLimit',
      `The account has ${runningMax} batch tasks running, which is the most.`,
    );
  }
  const job = { id: firstJobId + context.nextId(), createdAt: now, records };
  context.startTask([], { kind: 'modifyRecords', job, change: { ...change, updatedAt: now } });
  return { JobId: job.id, DetailList: jobAnswer(account, { ...job, outcomeOf: () => waiting }) };
});

type TaskAnswer = { DetailList: JobZoneAnswer[] };

/** DescribeBatchTask of github.com/TencentCloud/tencentcloud-cli, tccli/services/dnspod/v20210323/api.json. */
export const describeBatchTask = action<'dnspod.DescribeBatchTask', TaskAnswer>((request, { account }) => {
  const job = findJob(account, request.JobId);
  if (!job) {
    throw new ApiError(
      'InvalidParameter.BatchTaskNotExist',
      `The parameter \`JobId\` names no batch task: ${request.JobId}.`,
    );
  }
  const zones = jobAnswer(account, job);
  const statuses = zones.flatMap((zone) => zone.RecordList.map((record) => record.Status));
  const count = (status: string) => statuses.filter((each) => each === status).length;
  return {
    DetailList: zones,
    TotalCount: statuses.length,
    SuccessCount: count('ok'),
    FailCount: count('error'),
    JobType: 'record_modify',
    CreatedAt: cloudTime(job.createdAt),
  };
});
