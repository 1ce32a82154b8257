'use client';

import { ArrowUp, ListPlus, Pencil, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ActionFailure } from '@/components/shell/action-failure';
import { ConfirmAction } from '@/components/shell/dialogs/confirm-action';
import { useDialog } from '@/components/shell/dialogs/use-dialog';
import { useAction } from '@/components/shell/use-action';
import { signed } from '@/components/ui/base/signed';
import { Button, IconButton } from '@/components/ui/button';
import type { Column } from '@/components/ui/tables/data-table';
import { TablePanel } from '@/components/ui/tables/table-panel';
import { useMay } from '@/lib/client/session/rights';
import type { ApprovalRulesView, SetApprovalPolicyAction } from '@/lib/contract/approval';
import type { ConnectionChoice } from '@/lib/contract/connection';
import type { ApprovalRule } from '@/lib/policy/approval-rules';
import { ApprovalRuleDialog } from './approval-rule-dialog';
import { useConnectionName } from './connections/connection-options';

export type ApprovalRulesPanelProps = {
  readonly policy: ApprovalRulesView;
  readonly connections: readonly ConnectionChoice[];
  readonly setApprovalPolicy: SetApprovalPolicyAction;
  readonly onChanged: () => void;
};

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

/** The approval rules, in order. */
export function ApprovalRulesPanel({
  policy,
  connections,
  setApprovalPolicy,
  onChanged,
}: ApprovalRulesPanelProps) {
  const t = useTranslations('approval.rule');
  const { rules, unread, set } = policy;
  const readAt = set?.at ?? null;
  const mayConfigure = useMay('configure');
  const matchText = useMatchText(connections);
  // Its subject is the index of the rule; null = a new rule.
  const form = useDialog<number | null>();
  const removal = useDialog<Row>();
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
    {
      name: t('matches'),
      cell: ({ rule, index }) => (
        <span className="break-words">{unread.includes(index) ? t('unread') : matchText(rule)}</span>
      ),
    },
    { name: t('needs'), cell: ({ rule }) => needText(rule) },
    {
      name: '',
      card: 'none',
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
              onClick={() => form.open(index)}
            />
            <IconButton
              size="sm"
              label={t('remove', { name: rule.name })}
              icon={<Trash2 aria-hidden />}
              onClick={() => removal.open({ rule, index })}
            />
          </span>
        ) : null,
    },
  ];
  return (
    <TablePanel
      title={t('title')}
      about={t('about')}
      note={set === null ? null : <p className="text-12">{t.rich('set', signed(set.by, set.at))}</p>}
      none={t('none')}
      columns={columns}
      rows={rules.map((rule, index) => ({ rule, index }))}
      rowKey={({ index }) => index}
    >
      <ActionFailure action={move} />
      {mayConfigure ? (
        <div className="max-md:hidden">
          <Button icon={<ListPlus aria-hidden />} onClick={() => form.open(null)}>
            {t('add')}
          </Button>
        </div>
      ) : null}
      <ApprovalRuleDialog
        key={`form ${form.key}`}
        {...{ rules, readAt, connections, setApprovalPolicy }}
        index={form.subject}
        isOpen={form.isOpen}
        onClose={form.close}
        onSet={onChanged}
      />
      <ConfirmAction
        dialog={removal}
        title={({ rule }) => t('removeTitle', { name: rule.name })}
        text={t('removeText')}
        confirmLabel={t('removeNow')}
        cancelLabel={t('keep')}
        action={setApprovalPolicy}
        input={({ index }) => ({ rules: rules.toSpliced(index, 1), readAt })}
        onDone={onChanged}
      />
    </TablePanel>
  );
}
