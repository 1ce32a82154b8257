import type {
  DescribeBatchTaskRequest,
  DescribeBatchTaskResponse,
  ModifyRecordBatchRequest,
  ModifyRecordBatchResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { ApiError } from '../../api/api-error';
import { cloudTime } from '../../clock';
import type { WorldRecord, WorldRecordJob } from '../../world/dnspod';
import type { AccountWorld } from '../../world/world';
import { action, type Changed } from '../action';
import { jobAnswer, type ZoneAnswer } from './job-answer';
import { fieldChange } from './record-fields';

/** Jobs an account may have running (`InvalidParameter.BatchTaskCountLimit`: 4). */
const runningMax = 4;
/** How many jobs an account can be asked about. How long the cloud remembers is not documented. */
const jobsKept = 1000;
/** Ids begin where no seed has one. */
const firstJobId = 1_900_000;

/** What a job may change, and the field of a record it is. */
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

/** @throws ApiError MissingParameter for a type without its value, InvalidParameter.MxInvalid for MX without a priority */
function changeOf(request: ModifyRecordBatchRequest): Partial<WorldRecord> {
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

/** @throws ApiError InvalidParameter.RecordIdInvalid */
function placeOf(account: AccountWorld, id: number): { id: number; zone: string } {
  const zone = Object.values(account.zones).find((each) => each.records.some((record) => record.id === id));
  if (!zone) {
    throw new ApiError(
      'InvalidParameter.RecordIdInvalid',
      `The parameter \`RecordIdList\` names no record: ${id}.`,
    );
  }
  return { id, zone: zone.name };
}

function isRunning(account: AccountWorld, job: WorldRecordJob): boolean {
  return job.errors === null && account.tasks[job.taskId]?.outcome === 'running';
}

function forgetOldJobs(account: AccountWorld): void {
  const ended = Object.values(account.recordJobs).filter((job) => !isRunning(account, job));
  for (const job of ended.sort((a, b) => b.id - a.id).slice(jobsKept)) delete account.recordJobs[job.id];
}

type BatchAnswer = Changed<ModifyRecordBatchResponse, { DetailList: ZoneAnswer[] }>;

/**
 * https://cloud.tencent.com/document/api/1427/56156: changes one field of many records, of several domains too, as a
 * job. What can't be changed is said by the job, and leaves the others alone.
 */
export const modifyRecordBatch = action<ModifyRecordBatchRequest, BatchAnswer>((request, context) => {
  const { account, requestId, now } = context;
  const change = changeOf(request);
  const records = [...new Set(request.RecordIdList.map(Number))].map((id) => placeOf(account, id));
  if (Object.values(account.recordJobs).filter((job) => isRunning(account, job)).length >= runningMax) {
    throw new ApiError(
      'InvalidParameter.BatchTaskCountLimit',
      `The account has ${runningMax} batch tasks running, which is the most.`,
    );
  }
  const job = { id: firstJobId + context.nextId(), taskId: requestId, createdAt: now, records, errors: null };
  account.recordJobs[job.id] = job;
  context.startTask([], { kind: 'modifyRecords', jobId: job.id, change: { ...change, updatedAt: now } });
  forgetOldJobs(account);
  return { JobId: job.id, DetailList: jobAnswer(account, job) };
});

type TaskAnswer = Changed<DescribeBatchTaskResponse, { DetailList: ZoneAnswer[] }>;

/** https://cloud.tencent.com/document/api/1427/56174. */
export const describeBatchTask = action<DescribeBatchTaskRequest, TaskAnswer>((request, { account }) => {
  const job = account.recordJobs[request.JobId];
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
