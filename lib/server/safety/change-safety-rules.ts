'use server';

import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type {
  AddSafetyRuleAction,
  ChangeSafetyRuleAction,
  RemoveSafetyRuleAction,
  SetSafetyGateAction,
} from '@/lib/contract/safety';
import { safetyRules } from '@/lib/db/schema';
import { mayUseEverywhere } from '@/lib/policy/access';
import { ok, type Result } from '@/lib/result';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';

/** The maximum number of rules: each is evaluated before each write. */
const rulesMax = 100;

/** Refuses a name that another rule has: a refusal names the rule. */
const taken = (): Result<never, ActionError> => refuseFields({ 'rule.name': ['safetyRule.nameTaken'] });

const Id = z.int().min(1);

/** Adds a safety rule. Runs in progress meet it before their next write. */
export const addSafetyRule = verb(
  'safetyRule.add',
  z.object({ rule: SafetyRule }),
  'all',
  async ({ rule }, { name: actor }, note): ReturnType<AddSafetyRuleAction> => {
    note({ name: rule.name, kind: rule.kind });
    const { database } = await serverContext();
    return exclusively(database.pool, async ({ db }) => {
      if ((await db.$count(safetyRules)) >= rulesMax) return refuse('safetyRule.tooMany', { max: rulesMax });
      const [made] = await db
        .insert(safetyRules)
        .values({ name: rule.name, rule, createdBy: actor, changedBy: actor })
        .onConflictDoNothing()
        .returning({ id: safetyRules.id });
      return made === undefined ? taken() : ok({ id: made.id });
    });
  },
);

/** Changes a safety rule, or enables or disables it. A gate keeps its state as long as the rule keeps its condition. */
export const changeSafetyRule = verb(
  'safetyRule.change',
  z.object({ id: Id, rule: SafetyRule }),
  ({ id }) => ({ safetyRule: String(id) }),
  async ({ id, rule }, { name: actor }, note): ReturnType<ChangeSafetyRuleAction> => {
    note({ name: rule.name, kind: rule.kind, isEnabled: rule.isEnabled });
    const { database } = await serverContext();
    return exclusively(database.pool, async ({ db }) => {
      const rows = await db.select().from(safetyRules);
      const stored = rows.find((row) => row.id === id);
      if (stored === undefined) return refuse('safetyRule.gone');
      if (rows.some((row) => row.id !== id && row.name === rule.name)) return taken();
      const isGate = rule.kind === 'gating' && rule.condition === 'gate';
      const changed = { changedBy: actor, changedAt: new Date(), gate: isGate ? stored.gate : null };
      await db
        .update(safetyRules)
        .set({ name: rule.name, rule, ...changed })
        .where(eq(safetyRules.id, id));
      return ok(null);
    });
  },
);

/** Removes a safety rule. */
export const removeSafetyRule = verb(
  'safetyRule.remove',
  z.object({ id: Id }),
  ({ id }) => ({ safetyRule: String(id) }),
  async ({ id }, _actor, note): ReturnType<RemoveSafetyRuleAction> => {
    const { db } = (await serverContext()).database;
    const [gone] = await db
      .delete(safetyRules)
      .where(eq(safetyRules.id, id))
      .returning({ name: safetyRules.name });
    if (gone === undefined) return refuse('safetyRule.gone');
    note({ name: gone.name });
    return ok(null);
  },
);

const GateInput = z.object({
  id: Id,
  isOn: z.boolean(),
  reason: z.string().trim().min(1, 'reason.missing').max(500, 'reason.tooLong'),
});

/** Switches the gate of a gating rule. The rule states whether an operator may, or only an administrator. */
export const setSafetyGate = verb(
  'safetyGate.set',
  GateInput,
  ({ id }) => ({ safetyRule: String(id) }),
  async ({ id, isOn, reason }, actor, note): ReturnType<SetSafetyGateAction> => {
    const { database } = await serverContext();
    return exclusively(database.pool, async ({ db }) => {
      const [stored] = await db.select().from(safetyRules).where(eq(safetyRules.id, id));
      if (stored === undefined) return refuse('safetyRule.gone');
      const { rule, name } = stored;
      note({ name, isOn, reason });
      if (rule.kind !== 'gating' || rule.condition !== 'gate')
        return refuse('safetyRule.noGate', { rule: name });
      const maySwitch = rule.switchedBy === 'operator' || mayUseEverywhere(actor.access, 'safetyRule.change');
      if (!maySwitch) return refuse('safetyRule.gateOfAdministrators', { rule: name });
      const gate = { isOn, reason, by: actor.name, at: new Date().toISOString() };
      await db.update(safetyRules).set({ gate }).where(eq(safetyRules.id, id));
      return ok(null);
    });
  },
);
