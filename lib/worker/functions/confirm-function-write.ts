import { createTranslator } from 'next-intl';
import { CloudError } from '@/lib/cloud/errors';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import type { FunctionChange, FunctionId } from '@/lib/estate/functions/function-change';
import ui from '@/lib/messages/en/ui.json';
import { intl } from '@/lib/messages/intl';
import { judgeFunctionChange } from '@/lib/safety/judge-change';
import { violationValues } from '@/lib/safety/safety-facts';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { noPlan, readRuleFacts, readSafetyRules } from '@/lib/store/plans/read-rule-facts';
import { readEmergencyStop } from '@/lib/store/runs/read-emergency-stop';

const t = createTranslator({ ...intl, messages: { ui }, namespace: 'ui.refusal.plan' });

type Write = {
  readonly connectionId: string;
  readonly id: FunctionId;
  /** null = a deployment. */
  readonly change: FunctionChange | null;
  /** The cloud action that is about to be sent. */
  readonly action: string;
};

/**
 * Refuses to send a write to a function while all changes are paused or a safety rule refuses it, whatever was allowed
 * when it was requested.
 * @throws CloudError `Refused.Paused` or `Refused.SafetyRule`
 */
export async function confirmFunctionWrite(
  db: Database,
  { connectionId, id, change, action }: Write,
): Promise<void> {
  const refuse = (code: string, message: string) =>
    new CloudError({
      code,
      message,
      requestId: null,
      action,
      region: id.region,
      mayHaveHappened: false,
      advice: 'giveUp',
    });
  const stop = await reconnecting(() => readEmergencyStop(db));
  if (stop !== null)
    throw refuse(
      'Refused.Paused',
      `${stop.actor} has paused all changes: ${stop.reason}; resume changes, then try again`,
    );
  const [violated] = await reconnecting(async () => {
    const rules = await readSafetyRules(db);
    if (rules.length === 0) return [];
    const facts = await readRuleFacts(db, rules, noPlan);
    const estate = await newestEstate(db, connectionId);
    return judgeFunctionChange({ connectionId, id, change, estate, at: Date.now() }, facts);
  });
  if (violated !== undefined) throw refuse('Refused.SafetyRule', t('safetyRule', violationValues(violated)));
}
