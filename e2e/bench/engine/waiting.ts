import { readFileSync } from 'node:fs';
import { type Figure, figure, percentile } from '../support/figures';
import type { BenchDatabase } from './bench-database';
import type { EngineWorker } from './engine-worker';
import { timerRunId } from './messages';

const waitingCount = 1000;
const dueCount = 100;
const measuredMs = 20_000;
const startsWithinMs = 60_000;
/** Time for the runs to reach their waits. */
const settlesMs = 5000;
const hourMs = 3_600_000;
/** The clock ticks of `/proc/PID/stat`, per second: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const ticksPerS = 100;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Returns the processor time that a process has used, in ms; null where the system has no `/proc`. */
function readCpuMs(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerS;
  } catch {
    return null;
  }
}

/** Returns the share of one core that a worker uses, in percent. */
async function measureCpu(pid: number): Promise<number | null> {
  const [before, since] = [readCpuMs(pid), performance.now()];
  await sleep(measuredMs);
  const after = readCpuMs(pid);
  return before === null || after === null ? null : (100 * (after - before)) / (performance.now() - since);
}

/** Measures the lateness of runs that are all due at one second. */
async function measureDue(database: BenchDatabase, worker: EngineWorker): Promise<number | null> {
  const due = Date.now() + 2 * settlesMs;
  const runIds = Array.from({ length: dueCount }, (_, number) => timerRunId(due, number));
  const late = new Map<string, number>();
  worker.onReport((report) => {
    if (report.kind === 'fired' && runIds.includes(report.runId)) late.set(report.runId, report.at - due);
  });
  await database.enqueue(runIds);
  while (late.size < dueCount && Date.now() < due + startsWithinMs) await sleep(100);
  return late.size < dueCount ? null : percentile([...late.values()], 0.99);
}

/** Measures what many waiting runs cost, how late those are that are due at once, and a restart with all of them. */
export async function measureWaiting(database: BenchDatabase, worker: EngineWorker): Promise<Figure[]> {
  const idle = await measureCpu(worker.pid());
  const runIds = Array.from({ length: waitingCount }, (_, number) =>
    timerRunId(Date.now() + hourMs, dueCount + number),
  );
  await database.enqueue(runIds);
  const begun = async () => {
    const text = `select count(*)::int as count from dbos.workflow_status where status = 'PENDING' and name = 'run'`;
    return (await database.query<{ count: number }>(text))[0]?.count ?? 0;
  };
  for (const end = Date.now() + startsWithinMs; (await begun()) < waitingCount && Date.now() < end; )
    await sleep(500);
  await sleep(settlesMs);
  const waiting = await measureCpu(worker.pid());
  const cost = idle === null || waiting === null ? null : waiting - idle;
  const due = await measureDue(database, worker);
  const { downAt, upAt } = await worker.fall();
  return [
    figure('Processor of an idle worker', idle, '%', null),
    figure(`Processor above that with ${waitingCount} waiting runs`, cost, 'points', { most: 1 }),
    figure(`${dueCount} runs due at one second, p99`, due, 'ms', { most: 1000 }),
    figure(`Restart with ${waitingCount} waiting runs`, upAt - downAt, 'ms', { most: 2000 }),
  ];
}

/** Ends the waiting runs, so that no later worker recovers them. */
export async function endWaiting(database: BenchDatabase): Promise<void> {
  await database.query(
    `update dbos.workflow_status set status = 'CANCELLED' where status in ('PENDING', 'ENQUEUED') and name = 'run'`,
  );
}
