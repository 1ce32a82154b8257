'use client';

import { useQuery } from '@tanstack/react-query';
import { Pencil, Power, ShieldPlus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { AddMessages } from '@/components/ui/base/add-messages';
import { Button, IconButton } from '@/components/ui/button';
import { Status } from '@/components/ui/chip';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { useMay } from '@/lib/client/session/rights';
import type {
  AddSafetyRuleAction,
  ChangeSafetyRuleAction,
  RemoveSafetyRuleAction,
  SafetyRulesView,
  SafetyRuleView,
  SetSafetyGateAction,
} from '@/lib/client/settings/safety-views';
import type { ConnectionChoice } from '@/lib/client/views';
import safety from '@/lib/messages/en/parts/safety.json';
import { useConnectionName } from '../connections/connection-options';
import { RuleForm } from './rule-form';
import { useRuleText } from './rule-text';
import { safetyRulesQuery } from './safety-queries';

const texts = { safety };

export type SafetyPanelProps = {
  readonly initial: SafetyRulesView;
  readonly connections: readonly ConnectionChoice[];
  readonly addRule: AddSafetyRuleAction;
  readonly changeRule: ChangeSafetyRuleAction;
  readonly removeRule: RemoveSafetyRuleAction;
  readonly setGate: SetSafetyGateAction;
};

/** The safety rules, and the gates of those that have one. */
export function SafetyPanel(props: SafetyPanelProps) {
  return (
    <AddMessages texts={texts}>
      <Rules {...props} />
    </AddMessages>
  );
}

type Asked = {
  readonly stored: SafetyRuleView;
  readonly to: 'gate' | 'remove';
  readonly isOpen: boolean;
};

const hasGate = ({ rule, isUnread }: SafetyRuleView) =>
  rule.kind === 'gating' && rule.condition === 'gate' && !isUnread;

function Rules(props: SafetyPanelProps) {
  const { initial, connections, addRule, changeRule, removeRule, setGate } = props;
  const t = useTranslations('safety');
  const { data, refetch } = useQuery({ ...safetyRulesQuery(), initialData: initial });
  const onChanged = () => void refetch();
  const mayConfigure = useMay('configure');
  const maySwitch = useMay('operate', 'everywhere');
  const ruleText = useRuleText();
  // A closed form keeps nothing.
  const [form, setForm] = useState<{ count: number; stored: SafetyRuleView | null; isOpen: boolean }>({
    count: 0,
    stored: null,
    isOpen: false,
  });
  const openForm = (stored: SafetyRuleView | null) =>
    setForm(({ count }) => ({ count: count + 1, stored, isOpen: true }));
  // Outside of the rows, because reading the rules again may replace them while a dialog is open.
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked((now) => now && { ...now, isOpen: false });
  const accountName = useConnectionName(connections);
  const matchText = ({ rule: { match } }: SafetyRuleView) => {
    const accounts = match.connectionIds.map(accountName);
    const parts = [match.domains, match.regions, accounts].filter((each) => each.length > 0);
    return parts.length === 0 ? t('everything') : parts.map((each) => each.join(', ')).join(' · ');
  };
  const columns: readonly Column<SafetyRuleView>[] = [
    {
      name: t('name'),
      cell: ({ rule }) => (
        <span className="grid min-w-0">
          <span className="font-semibold break-words">{rule.name}</span>
          <span className="text-ink-2">{t(`kind.${rule.kind}`)}</span>
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
      cell: (stored) => (
        <span className="flex justify-end gap-1">
          {hasGate(stored) && maySwitch ? (
            <IconButton
              size="sm"
              label={t(stored.gate?.isOn ? 'switchOff' : 'switchOn', { name: stored.rule.name })}
              icon={<Power aria-hidden />}
              onClick={() => setAsked({ stored, to: 'gate', isOpen: true })}
            />
          ) : null}
          {mayConfigure ? (
            <>
              {' '}
              <IconButton
                size="sm"
                label={t('change', { name: stored.rule.name })}
                icon={<Pencil aria-hidden />}
                onClick={() => openForm(stored)}
              />
              <IconButton
                size="sm"
                label={t('remove', { name: stored.rule.name })}
                icon={<Trash2 aria-hidden />}
                onClick={() => setAsked({ stored, to: 'remove', isOpen: true })}
              />
            </>
          ) : null}
        </span>
      ),
    },
  ];
  const dialog = asked && { stored: asked.stored, isOpen: asked.isOpen, onChanged, onClose: close };
  return (
    <Panel title={t('title')}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="text-12 text-ink-2">{t('about')}</p>
        {data.rules.length === 0 ? (
          <p>{t('none')}</p>
        ) : (
          <DataTable label={t('title')} columns={columns} rows={data.rules} rowKey={({ id }) => id} />
        )}
        {mayConfigure ? (
          <div>
            <Button icon={<ShieldPlus aria-hidden />} onClick={() => openForm(null)}>
              {t('add')}
            </Button>
          </div>
        ) : null}
        <RuleForm
          key={form.count}
          {...{ connections, addRule, changeRule, onChanged }}
          stored={form.stored}
          isOpen={form.isOpen}
          onClose={() => setForm((now) => ({ ...now, isOpen: false }))}
        />
        {dialog !== null && asked?.to === 'gate' ? (
          <SwitchGate key={`gate ${dialog.stored.id}`} {...dialog} setGate={setGate} />
        ) : null}
        {dialog !== null && asked?.to === 'remove' ? (
          <RemoveRule key={`remove ${dialog.stored.id}`} {...dialog} removeRule={removeRule} />
        ) : null}
      </div>
    </Panel>
  );
}

/** The state of a rule, and of its gate, with who switched it. */
function RuleState(stored: SafetyRuleView) {
  const t = useTranslations('safety');
  const { rule, gate } = stored;
  if (!rule.isEnabled) return <Status tone="off">{t('disabled')}</Status>;
  if (!hasGate(stored)) return <Status tone="ok">{t('enabled')}</Status>;
  return (
    <span className="grid min-w-0 gap-0.5 max-md:justify-items-end">
      <Status tone={gate?.isOn ? 'ok' : 'warn'}>{t(gate?.isOn ? 'gateOn' : 'gateOff')}</Status>
      {gate === null ? null : (
        <span className="text-12 break-words text-ink-2">
          {t('gateBy', { by: gate.by, reason: gate.reason })}
        </span>
      )}
    </span>
  );
}

type DialogProps = {
  readonly stored: SafetyRuleView;
  readonly onChanged: () => void;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

/** Switches the gate of a rule, with a reason. */
function SwitchGate(props: DialogProps & Pick<SafetyPanelProps, 'setGate'>) {
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
      <Field label={t('reason')} error={set.fieldError('reason')}>
        {(control) => (
          <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
    </FormDialog>
  );
}

/** Asks for confirmation, and removes a rule. */
function RemoveRule(props: DialogProps & Pick<SafetyPanelProps, 'removeRule'>) {
  const { stored, removeRule, onChanged, isOpen, onClose } = props;
  const t = useTranslations('safety');
  const remove = useAction(removeRule, () => {
    onClose();
    onChanged();
  });
  return (
    <Dialog
      open={isOpen}
      onOpenChange={onClose}
      title={t('removeTitle', { name: stored.rule.name })}
      description={t('removeText')}
      cancelLabel={t('keep')}
      action={
        <Button variant="dangerSolid" busy={remove.isBusy} onClick={() => remove.send({ id: stored.id })}>
          {t('removeNow')}
        </Button>
      }
    >
      <ActionFailure action={remove} />
    </Dialog>
  );
}
