import 'server-only';
import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm';
import type { ActionError } from '@/lib/contract/answer';
import type { PlanView } from '@/lib/contract/plan';
import { diversions, occurrences, plans, recurrences, runs } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import type { DiversionId } from '@/lib/diversion/diversion';
import { trafficLags } from '@/lib/diversion/guard-lag';
import {
  dueOccurrences,
  nextOccurrences,
  type Occurrence,
  type OccurrenceProblem,
  pastOccurrences,
  type RecurrenceRule,
  recurrenceActor,
} from '@/lib/diversion/recurrence';
import { confirmationText, listMovedNames } from '@/lib/diversion/routes';
import { toDraft } from '@/lib/diversion/to-draft';
import { invariant } from '@/lib/invariant';
import { defaultCutover, prewarmLeadS } from '@/lib/plan/default-cutover';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import type { Policy } from '@/lib/policy/policy';
import { ok, type Result } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { appendDecision } from '@/lib/store/audit/record-decision';
import { serverContext } from '@/lib/store/context';
import { isAtRest } from '@/lib/store/diversions/find-acting';
import { findTemplate } from '@/lib/store/diversions/read-recurrence';
import { checkPlan } from '@/lib/store/plans/check-apply';
import { makePlan, storePlan } from '@/lib/store/plans/make-plan';
import { readPlan } from '@/lib/store/plans/read-plan';
import { storeRun } from '@/lib/store/plans/store-run';
import { checkGuards, refuse } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';
import { readEmergencyStop } from '@/lib/store/runs/read-emergency-stop';
import { readPolicy } from '@/lib/store/settings/read-policies';
import { listOutdated, replaceOutdated } from './replace-outdated';

/** The time before prewarm at which an occurrence is planned even if the previous one is not rolled back. */
const lastCallMs = 30 * 60_000;
/** The maximum number of planning attempts while the snapshot keeps changing. */
const triesMax = 3;

/** A rule that creates occurrences. */
export type Series = {
  readonly id: DiversionId;
  readonly rule: RecurrenceRule;
  readonly setAt: Date;
  /** Set if the plan of the next occurrence is outdated and can be created again. */
  readonly isOutdated: boolean;
};
type OccurrenceRow = typeof occurrences.$inferSelect;

/** Returns the series that are not stopped. */
export async function listSeries(now: Date): Promise<readonly Series[]> {
  const { db } = (await serverContext()).database;
  const all = await db.select().from(recurrences).where(isNull(recurrences.stoppedAt));
  const outdated = await listOutdated(db, now);
  return all.map(({ diversionId: id, rule, setAt }) => ({ id, rule, setAt, isOutdated: outdated.has(id) }));
}

/** Returns whether a series has something to create or to finish. */
export async function isSeriesDue(series: Series, now: Date): Promise<boolean> {
  if (series.isOutdated || (await readUnsettled(series.id)).length > 0) return true;
  return (await listMissing(series, now)).length > 0;
}

/** Returns the occurrences that are due or overdue and have not been created, in order. */
async function listMissing(
  { id, rule, setAt }: Omit<Series, 'isOutdated'>,
  now: Date,
): Promise<readonly Occurrence[]> {
  const { db } = (await serverContext()).database;
  const due = [
    ...pastOccurrences(rule, { setAt: setAt.getTime(), now: now.getTime() }),
    ...dueOccurrences(rule, now.getTime()),
  ];
  if (due.length === 0) return [];
  const existing = await db
    .select({ date: occurrences.date })
    .from(occurrences)
    .where(and(eq(occurrences.seriesId, id), isNull(occurrences.replacedAt)));
  const dates = new Set(existing.map(({ date }) => date));
  return due.filter(({ date }) => !dates.has(date));
}

async function readUnsettled(seriesId: DiversionId): Promise<readonly OccurrenceRow[]> {
  const { db } = (await serverContext()).database;
  return db
    .select()
    .from(occurrences)
    .where(
      and(eq(occurrences.seriesId, seriesId), isNull(occurrences.settledAt), isNull(occurrences.replacedAt)),
    )
    .orderBy(asc(occurrences.t0));
}

/**
 * Creates the due occurrences of a series: each is its own diversion, planned and scheduled like a manual one. If its
 * plan is blocked or can't be scheduled, the reason is stored. The next occurrence is created again, once, if its plan
 * is outdated. Completes what a crash interrupted. One worker at a time processes a series.
 * @returns whether there was something to do
 */
export async function createOccurrences(id: DiversionId, now: Date): Promise<boolean> {
  const { db } = (await serverContext()).database;
  // While all changes are paused nothing is scheduled; it continues once they are resumed.
  if ((await readEmergencyStop(db)) !== null) return false;
  await replaceOutdated(id, now);
  for (const date of await listReady(id, now)) await insertOccurrence(id, date);
  const unsettled = await readUnsettled(id);
  for (const occurrence of unsettled) await settle(occurrence, now);
  return unsettled.length > 0;
}

/**
 * Returns the due occurrences that can be planned now. While another occurrence is in effect, or was when the snapshot
 * was taken, only those that can't wait.
 */
async function listReady(id: DiversionId, now: Date): Promise<readonly Occurrence[]> {
  const { db } = (await serverContext()).database;
  const [found] = await db
    .select({ rule: recurrences.rule, setAt: recurrences.setAt, connectionId: diversions.connectionId })
    .from(recurrences)
    .innerJoin(diversions, eq(diversions.id, recurrences.diversionId))
    .where(and(eq(recurrences.diversionId, id), isNull(recurrences.stoppedAt)));
  if (found === undefined) return [];
  const missing = await listMissing({ id, ...found }, now);
  if (missing.length === 0) return [];
  if (await isAtRest(db, id, found.connectionId)) return missing;
  const template = await readTemplate(id);
  if (template === null) return [];
  const policy = await readPolicy(db, template.connection.kind);
  const leadMs = prewarmLeadS(template.plan, policy) * 1000 + lastCallMs;
  return missing.filter(({ t0 }) => t0 - leadMs <= now.getTime());
}

async function readTemplate(id: DiversionId): Promise<PlanView | null> {
  const { db } = (await serverContext()).database;
  const planId = await findTemplate(db, id);
  return planId === null ? null : readPlan(db, planId);
}

/**
 * Stores an occurrence with its diversion, still a draft. Does nothing if the rule was changed or stopped meanwhile.
 */
async function insertOccurrence(seriesId: DiversionId, { date, t0, t1 }: Occurrence): Promise<void> {
  const { db } = (await serverContext()).database;
  const template = await readTemplate(seriesId);
  if (template === null) return;
  const { diversion } = template.plan;
  await db.transaction(async (tx) => {
    // This lock serializes with changes of the rule.
    const [series] = await tx
      .select({ rule: recurrences.rule, owner: diversions.owner, connectionId: diversions.connectionId })
      .from(recurrences)
      .innerJoin(diversions, eq(diversions.id, recurrences.diversionId))
      .where(and(eq(recurrences.diversionId, seriesId), isNull(recurrences.stoppedAt)))
      .for('update');
    const own = and(
      eq(occurrences.seriesId, seriesId),
      eq(occurrences.date, date),
      isNull(occurrences.replacedAt),
    );
    const existing = await tx.select({ date: occurrences.date }).from(occurrences).where(own);
    const [wanted] = series === undefined ? [] : nextOccurrences(series.rule, { from: t0, until: t0 + 1 });
    if (series === undefined || existing.length > 0 || wanted?.t0 !== t0 || wanted.t1 !== t1) return;
    const { owner, connectionId } = series;
    const [made] = await tx
      .insert(diversions)
      .values({
        connectionId,
        kind: diversion.kind,
        name: diversion.name,
        domains: [...new Set(diversion.routes.map(({ domain }) => domain))].toSorted(),
        owner,
        draft: toDraft(diversion),
        createdBy: recurrenceActor,
      })
      .returning({ id: diversions.id });
    invariant(made !== undefined, 'an insert returns its row');
    await tx.insert(occurrences).values({
      diversionId: made.id,
      seriesId,
      date,
      t0: new Date(t0),
      t1: new Date(t1),
      templateId: template.id,
    });
  });
}

/** Plans and schedules an occurrence, and stores the result or the reason for the failure. */
async function settle(occurrence: OccurrenceRow, now: Date): Promise<void> {
  const { db } = (await serverContext()).database;
  const { diversionId } = occurrence;
  const done = occurrence.t0 <= now ? refuse('repeat.missed') : await scheduleOccurrence(occurrence);
  if (!done.ok && (await isTransient(done.error))) return;
  await db
    .update(occurrences)
    .set({ settledAt: now, problem: done.ok ? null : toProblems(done.error) })
    .where(and(eq(occurrences.diversionId, diversionId), isNull(occurrences.replacedAt)));
  const view = await readTemplate(diversionId);
  await appendDecision(db, {
    operation: 'occurrence.schedule',
    actor: recurrenceActor,
    objects: [
      { kind: 'diversion', id: diversionId },
      { kind: 'diversion', id: occurrence.seriesId },
      ...(view === null ? [] : [{ kind: 'plan', id: view.id }]),
      ...(view?.runId == null ? [] : [{ kind: 'run', id: view.runId }]),
    ],
    facts: { date: occurrence.date, t0: occurrence.t0.toISOString(), t1: occurrence.t1.toISOString() },
    ...(done.ok ? {} : { refusal: toProblems(done.error).map(({ message }) => message) }),
  });
}

/**
 * Returns whether scheduling must be retried soon: all changes are paused, or a canceled occurrence has not ended yet.
 */
async function isTransient({ form }: ActionError): Promise<boolean> {
  if (form?.message === 'emergencyStop.stopped') return true;
  if (form?.message !== 'run.overlap') return false;
  const { db } = (await serverContext()).database;
  const [canceled] = await db
    .select({ id: occurrences.diversionId })
    .from(occurrences)
    .innerJoin(plans, eq(plans.diversionId, occurrences.diversionId))
    .innerJoin(runs, eq(runs.planId, plans.id))
    .where(and(eq(runs.id, RunId.parse(form.values?.run)), isNotNull(occurrences.replacedAt)));
  return canceled !== undefined;
}

function toProblems({ fields, form }: ActionError): readonly OccurrenceProblem[] {
  const keys = [...new Set(Object.values(fields).flat())];
  return [...(form === null ? [] : [form]), ...keys.map((message) => ({ message }))];
}

async function scheduleOccurrence(occurrence: OccurrenceRow): Promise<Result<null, ActionError>> {
  let answer: Result<null, ActionError> = ok(null);
  for (let tries = 0; tries < triesMax; tries += 1) {
    // Its plan, or even its run, may be left from a crash.
    const view = tries === 0 ? await readTemplate(occurrence.diversionId) : null;
    const planned = view === null ? await planOccurrence(occurrence) : ok(view);
    if (!planned.ok) return planned;
    if (planned.value.runId !== null) return ok(null);
    answer = await schedulePlan(occurrence, planned.value);
    const isOutdated = !answer.ok && answer.error.form?.message === 'plan.outdated';
    if (!isOutdated) return answer;
  }
  return answer;
}

/** Plans an occurrence on the newest snapshot, with the settings of the template's plan. */
async function planOccurrence({
  diversionId,
  templateId,
}: OccurrenceRow): Promise<Result<PlanView, ActionError>> {
  const { db } = (await serverContext()).database;
  const [template] = await db
    .select({ plan: plans.plan, connectionId: plans.connectionId })
    .from(plans)
    .where(eq(plans.id, templateId));
  invariant(template !== undefined, 'no plan is ever deleted');
  const made = await makePlan(template.connectionId, template.plan.diversion);
  if (!made.ok) return made;
  const planId = await storePlan({ ...made.value, diversionId }, { name: recurrenceActor, accountId: null });
  return readStored(planId);
}

async function readStored(planId: PlanId): Promise<Result<PlanView, ActionError>> {
  const { db } = (await serverContext()).database;
  const view = await readPlan(db, planId);
  return view === null ? refuse('plan.gone', { plan: planId }) : ok(view);
}

/** Schedules the plan of an occurrence, with the checks of a manual schedule. */
async function schedulePlan(
  { diversionId, t0, t1, seriesId }: OccurrenceRow,
  view: PlanView,
): Promise<Result<null, ActionError>> {
  const { settings, database } = await serverContext();
  const { db, pool } = database;
  const guarded = checkGuards(view.policy.guards, settings, null, view.plan.diversion.kind);
  if (!guarded.ok) return guarded;
  const [series] = await db
    .select({ rule: recurrences.rule, movedNames: recurrences.movedNames })
    .from(recurrences)
    .where(eq(recurrences.diversionId, seriesId));
  invariant(series !== undefined, 'an occurrence belongs to a series');
  const cutover = toCutover(view.plan, view.policy, {
    t0: t0.toISOString(),
    t1: t1.toISOString(),
    zone: series.rule.zone,
    lags: trafficLags(view.traffic, view.figureIntervals),
  });
  // The moved names were confirmed for the series. A newer plan of the template may move names that were never
  // confirmed.
  const names = listMovedNames(view.plan.diversion);
  const typed = series.movedNames ?? [];
  if (view.connection.kind === 'tencent' && names.join(' ') !== typed.join(' '))
    return refuse('repeat.otherNames', {
      series: seriesId,
      names: names.join(', '),
      typed: typed.join(', '),
    });
  const right = await checkPlan(view, cutover, confirmationText(view.plan.diversion));
  if (!right.ok) return right;
  const stored = await exclusively(pool, async (decision) => {
    const [replaced] = await decision.db
      .select({ at: occurrences.replacedAt })
      .from(occurrences)
      .where(eq(occurrences.diversionId, diversionId));
    // A replaced occurrence is refused like a discarded diversion.
    if (replaced?.at) return refuse('diversion.discarded', { diversion: diversionId });
    return storeRun(decision, view, cutover, { name: recurrenceActor, accountId: null });
  });
  return stored.ok ? ok(null) : stored;
}

function toCutover(
  plan: Plan,
  policy: Policy,
  { lags, ...times }: Pick<Cutover, 't0' | 't1' | 'zone'> & { readonly lags: ReturnType<typeof trafficLags> },
): Cutover {
  const { guards, ...rest } = defaultCutover(plan, policy, lags);
  return { ...times, ...rest, guards: [...guards] };
}
