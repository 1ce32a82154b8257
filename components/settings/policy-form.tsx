'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { GuardFields } from '@/components/plan/clock/guard-fields';
import { MissedFields } from '@/components/plan/clock/missed-fields';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { FailureCallout } from '@/components/ui/banner';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { TextField } from '@/components/ui/forms/text-field';
import { useMessage } from '@/components/ui/use-message';
import { ZoneSelect } from '@/components/ui/zone-select';
import type { PolicyView, SetPolicyAction } from '@/lib/contract/policy';
import { type PolicyDraft, toPolicyDraft } from './policy-draft';

/** The rules of a policy, needed only once the form was changed. */
const rules = onDemand(() => import('./to-policy'));

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
  const ui = useTranslations('ui');
  const message = useMessage('ui.refusal');
  const [draft, setDraft] = useState(() => toPolicyDraft(view.policy));
  const [isJudged, setIsJudged] = useState(false);
  const set = useAction(setPolicy, onSet);
  const part = usePart(rules, false);
  const policy = part === null || part === 'missing' ? null : part.toPolicy(draft);
  const change = (part: Partial<PolicyDraft>) => setDraft((before) => ({ ...before, ...part }));
  const messageForField = (field: string, value: unknown) => {
    const own =
      isJudged && policy?.ok === false
        ? policy.error[field]?.map((key) => message(key)).join(' ')
        : undefined;
    return own ?? set.fieldError(field, value);
  };
  // A form that is submitted before the page is idle waits for its rules.
  const submit = async () => {
    setIsJudged(true);
    await rules.load();
    const loaded = rules.current();
    if (loaded === null || loaded === 'missing') return;
    const judged = loaded.toPolicy(draft);
    if (judged.ok) set.send({ ...judged.value, kind: view.kind, readAt: view.set?.at ?? null });
  };
  return (
    <form
      aria-label={t(`of.${view.kind}`)}
      className="grid max-w-4xl gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
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
      {isJudged && part === 'missing' ? <FailureCallout>{ui('partMissing')}</FailureCallout> : null}
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
