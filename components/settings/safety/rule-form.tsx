'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { type DraftFieldsProps, Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { CheckboxGroup } from '@/components/ui/forms/checkbox-group';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { TextLink } from '@/components/ui/text-link';
import { useViewerZone } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import type { ConnectionChoice } from '@/lib/contract/connection';
import type {
  AddSafetyRuleAction,
  ChangeSafetyRuleAction,
  SafetyRulePreview,
  SafetyRuleView,
} from '@/lib/contract/safety';
import { fieldErrors } from '@/lib/input/field-errors';
import { findListError, splitList } from '@/lib/input/list-text';
import { routes } from '@/lib/routes';
import { type SafetyRule, safetyRuleKinds } from '@/lib/safety/safety-rule';
import { useConnectionOptions } from '../connections/connection-options';
import { newSafetyRule, type SafetyRuleDraft, toRuleDraft, toSafetyRule } from './rule-draft';
import { KindFields, RuleTextField } from './rule-fields';
import { previewRule } from './safety-queries';

type RuleFormProps = {
  /** The changed rule; null = a new one. */
  readonly stored: SafetyRuleView | null;
  readonly connections: readonly ConnectionChoice[];
  readonly addRule: AddSafetyRuleAction;
  readonly changeRule: ChangeSafetyRuleAction;
  readonly onChanged: () => void;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

/** Adds a safety rule, or changes one, with a preview of the current diversions that it would refuse. */
export function RuleForm(props: RuleFormProps) {
  const { stored, connections, addRule, changeRule, onChanged, isOpen, onClose } = props;
  const t = useTranslations('safety');
  const message = useMessage('ui.refusal');
  const zone = useViewerZone();
  const [draft, setDraft] = useState(() =>
    stored === null ? newSafetyRule(zone) : toRuleDraft(stored.rule, zone),
  );
  const [isJudged, setIsJudged] = useState(false);
  const onDone = () => {
    onClose();
    onChanged();
  };
  const add = useAction(addRule, onDone);
  const save = useAction(changeRule, onDone);
  const preview = useMutation({
    mutationFn: async (rule: SafetyRule) => {
      const answer = await previewRule(stored?.id ?? null, rule);
      if (!answer.ok) throw new Error('the preview is refused');
      return answer.value;
    },
  });
  const parsed = toSafetyRule(draft);
  const errors = isJudged && !parsed.success ? fieldErrors(parsed.error.issues) : {};
  const sent = stored === null ? add : save;
  /** Calls back with the rule, or shows what is invalid. */
  const withRule = (use: (rule: SafetyRule) => void) => {
    setIsJudged(true);
    if (parsed.success) use(parsed.data);
  };
  const fields: DraftFieldsProps<SafetyRuleDraft> = {
    draft,
    change: (part) => {
      setDraft((before) => ({ ...before, ...part }));
      preview.reset();
    },
    errorOf: (field, value) =>
      errors[field]?.map((key) => message(key)).join(' ') ?? sent.fieldError(`rule.${field}`, value),
  };
  return (
    <FormDialog
      open={isOpen}
      onClose={onClose}
      title={t(stored === null ? 'addTitle' : 'changeTitle')}
      submitLabel={t(stored === null ? 'addNow' : 'changeNow')}
      isBusy={sent.isBusy}
      onSubmit={() =>
        withRule((rule) => (stored === null ? add.send({ rule }) : save.send({ id: stored.id, rule })))
      }
      below={<ActionFailure action={sent} />}
    >
      <Field label={t('kind.label')} note={t(`kindHint.${draft.kind}`)}>
        {(control) => (
          <Select
            {...control}
            value={draft.kind}
            options={safetyRuleKinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
            onChange={(kind) => fields.change({ kind })}
          />
        )}
      </Field>
      <RuleTextField {...fields} name="name" path="name" label={t('name')} note={t('nameHint')} />
      <MatchFields {...fields} connections={connections} />
      <KindFields {...fields} />
      <div>
        <Segmented
          label={t('ruleState')}
          value={draft.isEnabled ? 'on' : 'off'}
          onChange={(state) => fields.change({ isEnabled: state === 'on' })}
          options={[
            { value: 'on', label: t('enabled') },
            { value: 'off', label: t('disabled') },
          ]}
        />
      </div>
      <div>
        <Button busy={preview.isPending} onClick={() => withRule((rule) => preview.mutate(rule))}>
          {t('preview')}
        </Button>
      </div>
      <div aria-live="polite" className="empty:hidden">
        {preview.isError ? <p className="text-12 text-bad-ink">{t('previewFailed')}</p> : null}
        {preview.data === undefined ? null : <Preview {...preview.data} />}
      </div>
    </FormDialog>
  );
}

/** The connections, regions and domains of a rule. */
function MatchFields({
  connections,
  ...fields
}: DraftFieldsProps<SafetyRuleDraft> & { readonly connections: readonly ConnectionChoice[] }) {
  const t = useTranslations('safety');
  const { draft, change } = fields;
  const needsDomains = draft.kind === 'assertion' || draft.kind === 'protected';
  return (
    <>
      <RuleTextField
        {...fields}
        errorOf={(path, value) => findListError(fields.errorOf, path, value, splitList(draft.domains).length)}
        name="domains"
        path="match.domains"
        label={t('domainPatterns')}
        note={t(needsDomains ? 'domainsNeeded' : 'domainsHint')}
      />
      <RuleTextField
        {...fields}
        errorOf={(path, value) => findListError(fields.errorOf, path, value, splitList(draft.regions).length)}
        name="regions"
        path="match.regions"
        label={t('regions')}
        note={t('regionsHint')}
      />
      <CheckboxGroup
        label={t('accounts')}
        options={useConnectionOptions(connections, draft.connectionIds)}
        chosen={draft.connectionIds}
        onChange={(connectionIds) => change({ connectionIds })}
        note={t('accountsHint')}
      />
    </>
  );
}

/** The current diversions that the rule would refuse, with the reason. */
function Preview({ refused, judged }: SafetyRulePreview) {
  const t = useTranslations('safety');
  const message = useMessage('ui.refusal');
  const count = new Set(refused.map(({ diversionId }) => diversionId)).size;
  return (
    <div className="grid gap-1.5 text-12">
      <p className="font-medium">{t('previewed', { count, judged })}</p>
      {refused.length === 0 ? null : (
        <ul className="list-disc space-y-1 pl-5">
          {refused.map(({ planId, name, values, isMomentary }) => (
            <li key={`${planId} ${values.object}`} className="break-words">
              <TextLink href={routes.plan(planId)}>{name}</TextLink>
              {isMomentary ? ` (${t('ifNow')})` : ''}: {message('plan.safetyRule', values)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
