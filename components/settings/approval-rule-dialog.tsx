'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { type DraftFieldsProps, Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { CheckboxGroup } from '@/components/ui/forms/checkbox-group';
import { TextField } from '@/components/ui/forms/text-field';
import { Select } from '@/components/ui/select';
import { useMessage } from '@/components/ui/use-message';
import type { SetApprovalPolicyAction } from '@/lib/contract/approval';
import type { ConnectionChoice } from '@/lib/contract/connection';
import { fieldErrors } from '@/lib/input/field-errors';
import { type ApprovalRule, approvalsMax } from '@/lib/policy/approval-rules';
import { connectionKinds } from '@/lib/policy/connection-kinds';
import {
  type ApprovalRuleDraft,
  newApprovalRule,
  toApprovalRule,
  toApprovalRuleDraft,
} from './approval-rule-draft';
import { useConnectionOptions } from './connections/connection-options';

type RuleDialogProps = {
  readonly rules: readonly ApprovalRule[];
  readonly readAt: string | null;
  /** The edited rule; null = a new one, after all others. */
  readonly index: number | null;
  readonly connections: readonly ConnectionChoice[];
  readonly setApprovalPolicy: SetApprovalPolicyAction;
  readonly onSet: () => void;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

/** Adds an approval rule, or edits one, and sets all rules. */
export function ApprovalRuleDialog(props: RuleDialogProps) {
  const { rules, readAt, index, connections, setApprovalPolicy, onSet, isOpen, onClose } = props;
  const t = useTranslations('approval.rule');
  const message = useMessage('ui.refusal');
  const edited = index === null ? undefined : rules[index];
  const [draft, setDraft] = useState(() =>
    edited === undefined ? newApprovalRule : toApprovalRuleDraft(edited),
  );
  const [isJudged, setIsJudged] = useState(false);
  const set = useAction(setApprovalPolicy, () => {
    onClose();
    onSet();
  });
  const rule = toApprovalRule(draft);
  const errors = isJudged && !rule.success ? fieldErrors(rule.error.issues) : {};
  const submit = () => {
    setIsJudged(true);
    if (!rule.success) return;
    const changed =
      index === null ? [...rules, rule.data] : rules.map((each, nth) => (nth === index ? rule.data : each));
    set.send({ rules: changed, readAt });
  };
  const fields: DraftFieldsProps<ApprovalRuleDraft> = {
    draft,
    change: (part) => setDraft((before) => ({ ...before, ...part })),
    errorOf: (field) => errors[field]?.map((key) => message(key)).join(' '),
  };
  return (
    <FormDialog
      open={isOpen}
      onClose={onClose}
      title={t(edited === undefined ? 'addTitle' : 'editTitle')}
      submitLabel={t(edited === undefined ? 'addNow' : 'editNow')}
      isBusy={set.isBusy}
      onSubmit={submit}
      below={<ActionFailure action={set} />}
    >
      <MatchFields {...fields} connections={connections} />
      <SizeFields {...fields} />
      <NeedFields {...fields} />
    </FormDialog>
  );
}

/** The option for anything: kinds and ids have no space. */
const any = 'any one';

type ApprovalTextFieldProps = DraftFieldsProps<ApprovalRuleDraft> & {
  readonly name:
    | 'region'
    | 'domain'
    | 'writes'
    | 'dnsWrites'
    | 'routes'
    | 'sharePercent'
    | 'hours'
    | 'rehearsedHours';
  /** The path of its value in a rule. */
  readonly path: string;
  readonly label: string;
  readonly note?: string;
};

function ApprovalTextField({ name, path, draft, change, errorOf, ...texts }: ApprovalTextFieldProps) {
  return (
    <TextField
      {...texts}
      error={errorOf(path, draft[name])}
      value={draft[name]}
      onType={(text) => change({ [name]: text })}
    />
  );
}

/** The name of a rule, and the objects that it decides. */
function MatchFields({
  connections,
  ...fields
}: DraftFieldsProps<ApprovalRuleDraft> & { readonly connections: readonly ConnectionChoice[] }) {
  const t = useTranslations('approval.rule');
  const kinds = useTranslations('settings.policy.of');
  const { draft, change, errorOf } = fields;
  const accounts = useConnectionOptions(connections, draft.connectionId === null ? [] : [draft.connectionId]);
  return (
    <>
      <TextField
        label={t('name')}
        note={t('nameHint')}
        error={errorOf('name', draft.name)}
        value={draft.name}
        onType={(name) => change({ name })}
      />
      <div className="grid items-start gap-3">
        <Field label={t('field.kind')}>
          {(control) => (
            <Select
              {...control}
              value={draft.kind ?? any}
              options={[
                { value: any, label: t('field.anyKind') },
                ...connectionKinds.map((kind) => ({ value: kind, label: kinds(kind) })),
              ]}
              onChange={(value) => change({ kind: connectionKinds.find((kind) => kind === value) ?? null })}
            />
          )}
        </Field>
        <Field label={t('field.connection')}>
          {(control) => (
            <Select
              {...control}
              value={draft.connectionId ?? any}
              options={[{ value: any, label: t('field.anyConnection') }, ...accounts]}
              onChange={(value) => change({ connectionId: value === any ? null : value })}
            />
          )}
        </Field>
        <ApprovalTextField
          {...fields}
          name="region"
          path="match.region"
          label={t('field.region')}
          note={t('field.regionHint')}
        />
        <ApprovalTextField
          {...fields}
          name="domain"
          path="match.domain"
          label={t('field.domain')}
          note={t('field.domainHint')}
        />
      </div>
    </>
  );
}

const sizes = ['writes', 'dnsWrites', 'routes', 'sharePercent'] as const;

/** The size or risk from which on a plan is decided by the rule. */
function SizeFields(fields: DraftFieldsProps<ApprovalRuleDraft>) {
  const t = useTranslations('approval.rule.field');
  const { draft, change } = fields;
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-12 font-medium text-ink-2">
        {t('from')}. {t('fromHint')}
      </legend>
      <div className="grid items-start gap-3">
        {sizes.map((size) => (
          <ApprovalTextField key={size} {...fields} name={size} path={`from.${size}`} label={t(size)} />
        ))}
      </div>
      <CheckboxGroup
        label={t('options')}
        options={[{ value: 'warnings', label: t('warnings') }]}
        chosen={draft.warnings ? ['warnings'] : []}
        onChange={(chosen) => change({ warnings: chosen.length > 0 })}
      />
    </fieldset>
  );
}

const options = ['selfApproval', 'breakGlass'] as const;

const counts = Array.from({ length: approvalsMax + 1 }, (_, count) => count);

/** The approvals that the rule asks for. */
function NeedFields(fields: DraftFieldsProps<ApprovalRuleDraft>) {
  const t = useTranslations('approval.rule');
  const { draft, change, errorOf } = fields;
  return (
    <>
      <div className="grid items-start gap-3">
        <Field label={t('field.approvals')} error={errorOf('approvals', draft.approvals)}>
          {(control) => (
            <Select
              {...control}
              value={String(draft.approvals)}
              options={counts.map((count) => ({ value: String(count), label: t('approvals', { count }) }))}
              onChange={(value) => change({ approvals: Number(value) })}
            />
          )}
        </Field>
        <ApprovalTextField
          {...fields}
          name="hours"
          path="expiresAfterH"
          label={t('field.expires')}
          note={t('field.expiresHint')}
        />
        <ApprovalTextField
          {...fields}
          name="rehearsedHours"
          path="rehearsedWithinH"
          label={t('field.rehearsed')}
          note={t('field.rehearsedHint')}
        />
      </div>
      <CheckboxGroup
        label={t('field.options')}
        options={options.map((value) => ({ value, label: t(`field.${value}`) }))}
        chosen={options.filter((option) => draft[option])}
        onChange={(chosen) =>
          change({
            selfApproval: chosen.includes('selfApproval'),
            breakGlass: chosen.includes('breakGlass'),
          })
        }
      />
    </>
  );
}
