'use client';

import { ArrowUp, ListPlus, Pencil, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { AddMessages } from '@/components/ui/base/add-messages';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { Time } from '@/components/ui/time';
import type { SetApprovalPolicyAction } from '@/lib/client/actions';
import type { ApprovalRulesView } from '@/lib/client/approvals/approval-views';
import { useMay } from '@/lib/client/session/rights';
import type { ConnectionChoice } from '@/lib/client/views';
import approvalRules from '@/lib/messages/en/parts/approval-rules.json';
import type { ApprovalRule } from '@/lib/policy/approval-rules';
import { ApprovalRuleDialog } from './approval-rule-dialog';
import { useConnectionName } from './connections/connection-options';

const texts = { approval: approvalRules };

export type ApprovalRulesPanelProps = {
  readonly policy: ApprovalRulesView;
  readonly connections: readonly ConnectionChoice[];
  readonly setApprovalPolicy: SetApprovalPolicyAction;
  readonly onChanged: () => void;
};

/** The approval rules, in order. */
export function ApprovalRulesPanel(props: ApprovalRulesPanelProps) {
  return (
    <AddMessages texts={texts}>
      <Rules {...props} />
    </AddMessages>
  );
}

/** Returns the texts of what a rule matches. */
function useMatchText(connections: readonly ConnectionChoice[]): (rule: ApprovalRule) => string {
  const t = useTranslations('approval.rule');
  const accountName = useConnectionName(connections);
  return ({ match, from }) => {
    const { kind, connectionId, region, domain } = match;
    const counts = (['writes', 'dnsWrites', 'routes', 'sharePercent'] as const).flatMap((size) =>
      from[size] === null ? [] : [t(`from.${size}`, { count: from[size] })],
    );
    const sizes = [...counts, ...(from.warnings ? [t('from.warnings')] : [])];
    const parts = [
      ...(kind === null ? [] : [t('match.kind', { kind })]),
      ...(connectionId === null ? [] : [t('match.connection', { name: accountName(connectionId) })]),
      ...(region === null ? [] : [t('match.region', { region })]),
      ...(domain === null ? [] : [t('match.domain', { domain })]),
      ...(sizes.length === 0 ? [] : [sizes.join(' / ')]),
    ];
    return parts.length === 0 ? t('everything') : parts.join(', ');
  };
}

type Row = { readonly rule: ApprovalRule; readonly index: number };

function Rules({ policy, connections, setApprovalPolicy, onChanged }: ApprovalRulesPanelProps) {
  const t = useTranslations('approval.rule');
  const { rules, set } = policy;
  const readAt = set?.at ?? null;
  const mayConfigure = useMay('configure');
  const matchText = useMatchText(connections);
  // A closed form keeps nothing.
  const [form, setForm] = useState<{ count: number; index: number | null; isOpen: boolean }>({
    count: 0,
    index: null,
    isOpen: false,
  });
  const openForm = (index: number | null) =>
    setForm(({ count }) => ({ count: count + 1, index, isOpen: true }));
  const [asked, setAsked] = useState<(Row & { readonly isOpen: boolean }) | null>(null);
  const move = useAction(setApprovalPolicy, onChanged);
  const moveUp = (index: number) => {
    const moved = rules.toSpliced(index, 1).toSpliced(index - 1, 0, ...rules.slice(index, index + 1));
    move.send({ rules: moved, readAt });
  };
  const needText = ({ approvals, selfApproval, expiresAfterH, rehearsedWithinH, breakGlass }: ApprovalRule) =>
    [
      t('approvals', { count: approvals }),
      ...(approvals > 0 && selfApproval ? [t('selfApproval')] : []),
      ...(approvals > 0 && expiresAfterH !== null ? [t('expires', { hours: expiresAfterH })] : []),
      ...(approvals > 0 && rehearsedWithinH != null ? [t('rehearsed', { hours: rehearsedWithinH })] : []),
      ...(approvals > 0 && !breakGlass ? [t('noBreakGlass')] : []),
    ].join(', ');
  const columns: readonly Column<Row>[] = [
    { name: t('order'), cell: ({ index }) => index + 1 },
    { name: t('name'), cell: ({ rule }) => <span className="font-semibold break-words">{rule.name}</span> },
    { name: t('matches'), cell: ({ rule }) => <span className="break-words">{matchText(rule)}</span> },
    { name: t('needs'), cell: ({ rule }) => needText(rule) },
    {
      name: '',
      cell: ({ rule, index }) =>
        mayConfigure ? (
          <span className="flex justify-end gap-1">
            {index === 0 ? null : (
              <IconButton
                size="sm"
                label={t('up', { name: rule.name })}
                icon={<ArrowUp aria-hidden />}
                onClick={() => moveUp(index)}
              />
            )}
            <IconButton
              size="sm"
              label={t('edit', { name: rule.name })}
              icon={<Pencil aria-hidden />}
              onClick={() => openForm(index)}
            />
            <IconButton
              size="sm"
              label={t('remove', { name: rule.name })}
              icon={<Trash2 aria-hidden />}
              onClick={() => setAsked({ rule, index, isOpen: true })}
            />
          </span>
        ) : null,
    },
  ];
  return (
    <Panel title={t('title')}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="text-12 text-ink-2">{t('about')}</p>
        {set === null ? null : (
          <p className="text-12">{t.rich('set', { actor: set.by, time: () => <Time at={set.at} /> })}</p>
        )}
        {rules.length === 0 ? (
          <p>{t('none')}</p>
        ) : (
          <DataTable
            label={t('title')}
            columns={columns}
            rows={rules.map((rule, index) => ({ rule, index }))}
            rowKey={({ index }) => index}
          />
        )}
        <ActionFailure action={move} />
        {mayConfigure ? (
          <div className="max-md:hidden">
            <Button icon={<ListPlus aria-hidden />} onClick={() => openForm(null)}>
              {t('add')}
            </Button>
          </div>
        ) : null}
        <ApprovalRuleDialog
          key={form.count}
          {...{ rules, readAt, connections, setApprovalPolicy }}
          index={form.index}
          isOpen={form.isOpen}
          onClose={() => setForm((now) => ({ ...now, isOpen: false }))}
          onSet={onChanged}
        />
        {asked === null ? null : (
          <RemoveRule
            key={`remove ${asked.index}`}
            {...asked}
            {...{ rules, readAt, setApprovalPolicy, onChanged }}
            setOpen={(isOpen) => setAsked({ ...asked, isOpen })}
          />
        )}
      </div>
    </Panel>
  );
}

type RemoveRuleProps = Row &
  Pick<ApprovalRulesPanelProps, 'setApprovalPolicy' | 'onChanged'> & {
    readonly rules: readonly ApprovalRule[];
    readonly readAt: string | null;
    readonly isOpen: boolean;
    readonly setOpen: (isOpen: boolean) => void;
  };

/** Asks for confirmation, and removes a rule. */
function RemoveRule(props: RemoveRuleProps) {
  const { rule, index, rules, readAt, isOpen, setOpen, setApprovalPolicy, onChanged } = props;
  const t = useTranslations('approval.rule');
  const remove = useAction(setApprovalPolicy, () => {
    setOpen(false);
    onChanged();
  });
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      title={t('removeTitle', { name: rule.name })}
      description={t('removeText')}
      cancelLabel={t('keep')}
      action={
        <Button
          variant="dangerSolid"
          busy={remove.isBusy}
          onClick={() => remove.send({ rules: rules.toSpliced(index, 1), readAt })}
        >
          {t('removeNow')}
        </Button>
      }
    >
      <ActionFailure action={remove} />
    </Dialog>
  );
}
