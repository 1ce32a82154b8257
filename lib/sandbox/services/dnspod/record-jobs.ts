import type {
  DescribeBatchTaskRequest,
  DescribeBatchTaskResponse,
  ModifyRecordBatchRequest,
  ModifyRecordBatchResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldRecord } from '../../world/dnspod';
import type { WorldTask } from '../../world/task';
import type { AccountWorld } from '../../world/world';
import { action, type WithFields } from '../action';
import { findJob, type JobZoneAnswer, jobAnswer, waiting } from './job-answer';
import { fieldChange } from './record-fields';

/** The maximum of running jobs per account (`InvalidParameter.BatchTaskCountLimit`: 4). */
const runningMax = 4;
/** Ids start in a range that no seed uses. */
const firstJobId = 1_900_000;

/** The changes that a job may make, with the record field of each. */
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
 * Returns the change that a request makes to each record. @throws ApiError MissingParameter for a type without its
 * value, InvalidParameter.MxInvalid for MX without a priority
 */
function toChange(request: ModifyRecordBatchRequest): Partial<WorldRecord> {
  const { Change: name, ChangeTo: to, Value: value, MX: mx } = request;
  const change = fieldChange(fieldOfChange[name] ?? name, to);
  if (name !== 'record_type') return change;
  if (value === undefined) {
    throw new ApiError('MissingParameter', 'To change `record_type`, the parameter `Value` is needed.');
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

type BatchAnswer = WithFields<ModifyRecordBatchResponse, { DetailList: JobZoneAnswer[] }>;

/**
 * Changes one field of many records, also across domains, as a job: https://cloud.tencent.com/document/api/1427/56156.
 * The job reports what can't be changed; the other records are unaffected.
 */
export const modifyRecordBatch = action<ModifyRecordBatchRequest, BatchAnswer>((request, context) => {
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

type TaskAnswer = WithFields<DescribeBatchTaskResponse, { DetailList: JobZoneAnswer[] }>;

/** DescribeBatchTask of github.com/TencentCloud/tencentcloud-cli, tccli/services/dnspod/v20210323/api.json. */
export const describeBatchTask = action<DescribeBatchTaskRequest, TaskAnswer>((request, { account }) => {
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
