'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { toGuards, toMissedPolicy } from '@/components/plan/clock/guard-draft';
import { GuardFields } from '@/components/plan/clock/guard-fields';
import { MissedFields } from '@/components/plan/clock/missed-fields';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { parseDuration } from '@/components/ui/duration-text';
import { Field } from '@/components/ui/field';
import { TextField } from '@/components/ui/forms/text-field';
import { useMessage } from '@/components/ui/use-message';
import { ZoneSelect } from '@/components/ui/zone-select';
import type { ActionError } from '@/lib/contract/answer';
import type { PolicyView, SetPolicyAction } from '@/lib/contract/policy';
import { fieldErrors } from '@/lib/input/field-errors';
import { Policy } from '@/lib/policy/policy';
import { err, ok, type Result } from '@/lib/result';
import { type PolicyDraft, toPolicyDraft } from './policy-draft';

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
  const messageForField = (field: string, value: unknown) => {
    const own =
      isJudged && !policy.ok ? policy.error[field]?.map((key) => message(key)).join(' ') : undefined;
    return own ?? set.fieldError(field, value);
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
      <div className="grid items-start gap-3 md:grid-cols-2">
        <Field label={t('zone')} error={messageForField('zone', draft.zone)}>
          {(control) => (
            <ZoneSelect
              {...control}
              unset={t('ownZone')}
              value={draft.zone}
              onChange={(zone) => change({ zone })}
            />
          )}
        </Field>
        <TextField
          label={t('prewarm')}
          note={t('prewarmNote')}
          error={messageForField('prewarmS', draft.prewarm)}
          placeholder={t('byForecast')}
          value={draft.prewarm}
          onType={(prewarm) => change({ prewarm })}
        />
      </div>
      <TextField
        label={t('ownerTags')}
        note={t('ownerTagsNote')}
        error={messageForField('ownerTags', draft.ownerTags)}
        value={draft.ownerTags}
        onType={(ownerTags) => change({ ownerTags })}
      />
      <MissedFields
        draft={draft}
        onChange={change}
        lateError={messageForField('missedT0.withinS', draft.late)}
      />
      <GuardFields
        guards={draft.guards}
        usual={view.policy.guards}
        onChange={(guards) => change({ guards })}
        errorOf={(index, field, value) => messageForField(`guards.${index}.${field}`, value)}
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

/** Returns the policy of a draft, or its field errors as named by the server: message keys by field path. */
function toPolicy(draft: PolicyDraft): Result<Policy, ActionError['fields']> {
  const { zone, prewarm, guards, ownerTags } = draft;
  const parsed = Policy.safeParse({
    zone: zone === '' ? null : zone,
    prewarmS: prewarm.trim() === '' ? null : (parseDuration(prewarm) ?? Number.NaN),
    missedT0: toMissedPolicy(draft),
    guards: toGuards(guards),
    ownerTags: ownerTags.split(',').flatMap((key) => key.trim() || []),
  });
  return parsed.success ? ok(parsed.data) : err(fieldErrors(parsed.error.issues));
}
