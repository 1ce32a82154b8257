'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import {
  type CutoverDraft,
  draftGuard,
  draftMissed,
  toGuards,
  toMissedPolicy,
} from '@/components/plan/clock/cutover-draft';
import { GuardFields } from '@/components/plan/clock/guard-fields';
import { MissedFields } from '@/components/plan/clock/missed-fields';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { durationText, parseDuration } from '@/components/ui/duration-text';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { useMessage } from '@/components/ui/use-message';
import { ZoneSelect } from '@/components/ui/zone-select';
import type { SetPolicyAction } from '@/lib/client/actions';
import type { ActionError, PolicyView } from '@/lib/client/views';
import { fieldErrors } from '@/lib/input/field-errors';
import { approvalsMax } from '@/lib/policy/connection-kinds';
import { Policy } from '@/lib/policy/policy';
import { err, ok, type Result } from '@/lib/result';

const approvals = Array.from({ length: approvalsMax + 1 }, (_, count) => count);

type PolicyFormProps = {
  readonly view: PolicyView;
  readonly setPolicy: SetPolicyAction;
  readonly onSet: () => void;
};

/**
 * The form for the policy of one kind of connection. Key it by the policy, so that it resets when another one is
 * passed.
 */
export function PolicyForm({ view, setPolicy, onSet }: PolicyFormProps) {
  const t = useTranslations('settings.policy');
  const message = useMessage('ui.refusal');
  const [draft, setDraft] = useState(() => toPolicyDraft(view.policy));
  const [isJudged, setIsJudged] = useState(false);
  const set = useAction(setPolicy, onSet);
  const policy = toPolicy(draft);
  const change = (part: Partial<PolicyDraft>) => setDraft((before) => ({ ...before, ...part }));
  const messageForField = (field: string) => {
    const own =
      isJudged && !policy.ok ? policy.error[field]?.map((key) => message(key)).join(' ') : undefined;
    return own ?? set.fieldError(field);
  };
  return (
    <form
      aria-label={t(`of.${view.kind}`)}
      className="grid max-w-4xl gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setIsJudged(true);
        if (policy.ok) set.send({ ...policy.value, kind: view.kind, readAt: view.set?.at ?? null });
      }}
    >
      <div className="grid items-start gap-3 md:grid-cols-3">
        <Field label={t('approvals')} note={t('approvalsNote')} error={messageForField('approvals')}>
          {(control) => (
            <Select
              {...control}
              value={draft.approvals}
              onChange={(value) => change({ approvals: value })}
              options={approvals.map((count) => ({ value: String(count), label: t('needed', { count }) }))}
            />
          )}
        </Field>
        <Field label={t('zone')} error={messageForField('zone')}>
          {(control) => (
            <ZoneSelect
              {...control}
              unset={t('ownZone')}
              value={draft.zone}
              onChange={(zone) => change({ zone })}
            />
          )}
        </Field>
        <Field label={t('prewarm')} note={t('prewarmNote')} error={messageForField('prewarmS')}>
          {(control) => (
            <Input
              {...control}
              placeholder={t('byForecast')}
              value={draft.prewarm}
              onChange={(event) => change({ prewarm: event.target.value })}
            />
          )}
        </Field>
      </div>
      <MissedFields draft={draft} onChange={change} lateError={messageForField('missedT0.withinS')} />
      <GuardFields
        guards={draft.guards}
        usual={view.policy.guards}
        onChange={(guards) => change({ guards })}
        errorOf={(index, field) => messageForField(`guards.${index}.${field}`)}
      />
      <ActionFailure action={set} />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="primary" busy={set.isBusy}>
          {t('save')}
        </Button>
        <span className="text-12 text-ink-2">{t('saveNote')}</span>
      </div>
    </form>
  );
}

/** A policy while it is being edited. */
type PolicyDraft = Pick<CutoverDraft, 'missed' | 'late' | 'guards'> & {
  readonly approvals: string;
  /** Empty = the time zone of each person's browser. */
  readonly zone: string;
  /** Empty = from the plan's forecast. */
  readonly prewarm: string;
};

function toPolicyDraft({ approvals, zone, prewarmS, missedT0, guards }: Policy): PolicyDraft {
  return {
    approvals: String(approvals),
    zone: zone ?? '',
    prewarm: prewarmS === null ? '' : durationText(prewarmS),
    ...draftMissed(missedT0),
    guards: guards.map(draftGuard),
  };
}

/** Returns the policy of a draft, or its field errors as the server names them: message keys by field path. */
function toPolicy(draft: PolicyDraft): Result<Policy, ActionError['fields']> {
  const { approvals, zone, prewarm, guards } = draft;
  const parsed = Policy.safeParse({
    approvals: Number(approvals),
    zone: zone === '' ? null : zone,
    prewarmS: prewarm.trim() === '' ? null : (parseDuration(prewarm) ?? Number.NaN),
    missedT0: toMissedPolicy(draft),
    guards: toGuards(guards),
  });
  return parsed.success ? ok(parsed.data) : err(fieldErrors(parsed.error.issues));
}
