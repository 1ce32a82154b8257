'use client';

import { useQuery } from '@tanstack/react-query';
import { Pencil, Power, ShieldPlus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { ConfirmAction } from '@/components/shell/dialogs/confirm-action';
import { useDialog } from '@/components/shell/dialogs/use-dialog';
import { useAction } from '@/components/shell/use-action';
import { Button, IconButton } from '@/components/ui/button';
import { Status } from '@/components/ui/chip';
import { FormDialog } from '@/components/ui/form-dialog';
import { TextField } from '@/components/ui/forms/text-field';
import type { Column } from '@/components/ui/tables/data-table';
import { TablePanel } from '@/components/ui/tables/table-panel';
import { useMay } from '@/lib/client/session/rights';
import type { ConnectionChoice } from '@/lib/contract/connection';
import type {
  AddSafetyRuleAction,
  ChangeSafetyRuleAction,
  RemoveSafetyRuleAction,
  SafetyRulesView,
  SafetyRuleView,
  SetSafetyGateAction,
} from '@/lib/contract/safety';
import { useConnectionName } from '../connections/connection-options';
import { RuleForm } from './rule-form';
import { useRuleText } from './rule-text';
import { safetyRulesQuery } from './safety-queries';

export type SafetyPanelProps = {
  readonly initial: SafetyRulesView;
  readonly connections: readonly ConnectionChoice[];
  readonly addRule: AddSafetyRuleAction;
  readonly changeRule: ChangeSafetyRuleAction;
  readonly removeRule: RemoveSafetyRuleAction;
  readonly setGate: SetSafetyGateAction;
};

const hasGate = ({ rule, isUnread }: SafetyRuleView) =>
  rule.kind === 'gating' && rule.condition === 'gate' && !isUnread;

/** The safety rules, and the gates of those that have one. */
export function SafetyPanel(props: SafetyPanelProps) {
  const { initial, connections, addRule, changeRule, removeRule, setGate } = props;
  const t = useTranslations('safety');
  const { data, refetch } = useQuery({ ...safetyRulesQuery(), initialData: initial });
  const onChanged = () => void refetch();
  const mayConfigure = useMay('configure');
  const maySwitch = useMay('operate', 'everywhere');
  const ruleText = useRuleText();
  const form = useDialog<SafetyRuleView | null>();
  const gate = useDialog<SafetyRuleView>();
  const removal = useDialog<SafetyRuleView>();
  const accountName = useConnectionName(connections);
  const matchText = ({ rule: { match } }: SafetyRuleView) => {
    const accounts = match.connectionIds.map(accountName);
    const parts = [match.domains, match.regions, accounts].filter((each) => each.length > 0);
    return parts.length === 0 ? t('everything') : parts.map((each) => each.join(', ')).join(' · ');
  };
  const columns: readonly Column<SafetyRuleView>[] = [
    {
      name: t('name'),
      cell: ({ rule, isUnread }) => (
        <span className="grid min-w-0">
          <span className="font-semibold break-words">{rule.name}</span>
          {isUnread ? null : <span className="text-ink-2">{t(`kind.${rule.kind}`)}</span>}
        </span>
      ),
    },
    {
      name: t('rule'),
      cell: ({ rule, isUnread }) => (
        <span className="break-words">{isUnread ? t('unread') : ruleText(rule)}</span>
      ),
    },
    { name: t('appliesTo'), cell: (row) => <span className="break-words">{matchText(row)}</span> },
    { name: t('state'), cell: (row) => <RuleState {...row} /> },
    {
      name: '',
      card: 'none',
      cell: (stored) => (
        <span className="flex justify-end gap-1">
          {hasGate(stored) && maySwitch ? (
            <IconButton
              size="sm"
              label={t(stored.gate?.isOn ? 'switchOff' : 'switchOn', { name: stored.rule.name })}
              icon={<Power aria-hidden />}
              onClick={() => gate.open(stored)}
            />
          ) : null}
          {mayConfigure ? (
            <>
              {' '}
              <IconButton
                size="sm"
                label={t('change', { name: stored.rule.name })}
                icon={<Pencil aria-hidden />}
                onClick={() => form.open(stored)}
              />
              <IconButton
                size="sm"
                label={t('remove', { name: stored.rule.name })}
                icon={<Trash2 aria-hidden />}
                onClick={() => removal.open(stored)}
              />
            </>
          ) : null}
        </span>
      ),
    },
  ];
  return (
    <TablePanel
      title={t('title')}
      about={t('about')}
      none={t('none')}
      columns={columns}
      rows={data.rules}
      rowKey={({ id }) => id}
    >
      {mayConfigure ? (
        <div className="max-md:hidden">
          <Button icon={<ShieldPlus aria-hidden />} onClick={() => form.open(null)}>
            {t('add')}
          </Button>
        </div>
      ) : null}
      <RuleForm
        key={`form ${form.key}`}
        {...{ connections, addRule, changeRule, onChanged }}
        stored={form.subject}
        isOpen={form.isOpen}
        onClose={form.close}
      />
      {gate.subject === null ? null : (
        <SwitchGate
          key={`gate ${gate.key}`}
          stored={gate.subject}
          isOpen={gate.isOpen}
          onClose={gate.close}
          {...{ setGate, onChanged }}
        />
      )}
      <ConfirmAction
        dialog={removal}
        title={({ rule }) => t('removeTitle', { name: rule.name })}
        text={t('removeText')}
        confirmLabel={t('removeNow')}
        cancelLabel={t('keep')}
        action={removeRule}
        input={({ id }) => ({ id })}
        onDone={onChanged}
      />
    </TablePanel>
  );
}

/** The state of a rule, and of its gate, with who switched it. */
function RuleState(stored: SafetyRuleView) {
  const t = useTranslations('safety');
  const { rule, gate, isUnread } = stored;
  if (isUnread) return <Status tone="bad">{t('refusesAll')}</Status>;
  if (!rule.isEnabled) return <Status tone="off">{t('disabled')}</Status>;
  if (!hasGate(stored)) return <Status tone="ok">{t('enabled')}</Status>;
  return (
    <span className="grid min-w-0 gap-0.5">
      <Status tone={gate?.isOn ? 'ok' : 'warn'}>{t(gate?.isOn ? 'gateOn' : 'gateOff')}</Status>
      {gate === null ? null : (
        <span className="text-12 break-words text-ink-2">
          {t('gateBy', { by: gate.by, reason: gate.reason })}
        </span>
      )}
    </span>
  );
}

type SwitchGateProps = Pick<SafetyPanelProps, 'setGate'> & {
  readonly stored: SafetyRuleView;
  readonly onChanged: () => void;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

/** Switches the gate of a rule, with a reason. */
function SwitchGate(props: SwitchGateProps) {
  const { stored, setGate, onChanged, isOpen, onClose } = props;
  const t = useTranslations('safety');
  const [reason, setReason] = useState('');
  const isOn = stored.gate?.isOn !== true;
  const named = { name: stored.rule.name, isOn: String(isOn) };
  const set = useAction(setGate, () => {
    onClose();
    onChanged();
  });
  return (
    <FormDialog
      open={isOpen}
      onClose={onClose}
      title={t('switchTitle', named)}
      description={t('switchText', named)}
      cancelLabel={t('cancel')}
      submitLabel={t('switchNow', named)}
      isBusy={set.isBusy}
      onSubmit={() => set.send({ id: stored.id, isOn, reason })}
      below={<ActionFailure action={set} />}
    >
      <TextField
        label={t('reason')}
        error={set.fieldError('reason', reason)}
        value={reason}
        onType={setReason}
      />
    </FormDialog>
  );
}
