'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Status } from '@/components/ui/chip';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { Time } from '@/components/ui/time';
import type { ConnectionSettingsView } from '@/lib/contract/connection';
import { buildPolicy, type FeatureAccess } from '@/lib/estate/access/connection-access';
import { features } from '@/lib/estate/actions';

const tones = { granted: 'ok', missing: 'bad', failed: 'warn', off: 'off', unknown: 'warn' } as const;

/** The result of the newest test of a connection: its account, and the rights of its keys by feature. */
export function AccessTable({ connection }: { readonly connection: ConnectionSettingsView }) {
  const t = useTranslations('connections');
  const { name, test } = connection;
  if (test === null) return null;
  const { finishedAt, result } = test;
  if (finishedAt === null || result === null)
    return (
      <p role="status" className="text-12 text-ink-2">
        {t('test.runs')}
      </p>
    );
  if (result.kind === 'failed')
    return (
      <Banner title={t('test.failed')} tone="bad">
        <span className="break-words">
          {result.failure.code === null ? null : `${result.failure.code}: `}
          {result.failure.message}
          {result.failure.requestId === null ? null : ` (${result.failure.requestId})`}
        </span>
      </Banner>
    );
  const columns: readonly Column<FeatureAccess>[] = [
    { name: t('test.feature'), cell: ({ feature }) => t(`feature.${feature}`) },
    {
      name: t('test.state'),
      cell: ({ state }) => <Status tone={tones[state]}>{t(`access.${state}`)}</Status>,
    },
    {
      name: t('test.missing'),
      cell: ({ missing, failure, state }) => (
        <span className="grid min-w-0 text-12">
          <span className="mono break-all">{missing.join(', ')}</span>
          {state === 'failed' && failure !== null ? (
            <span className="break-words text-ink-2">
              {failure.code}: {failure.message}
            </span>
          ) : null}
        </span>
      ),
    },
  ];
  const missing = result.features.flatMap((each) => each.missing);
  const wanted = result.features.flatMap(({ feature, state }): readonly string[] =>
    state === 'off' ? [] : features[feature].actions,
  );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <p className="text-12 text-ink-2">
        {t.rich('test.account', {
          account: result.accountUin,
          user: result.userUin ?? t('test.role'),
          time: () => <Time at={finishedAt} />,
        })}
      </p>
      {result.sameAccount.length === 0 ? null : (
        <Banner title={t('test.sameAccount', { names: result.sameAccount.join(', ') })} tone="warn">
          {t('test.sameAccountText')}
        </Banner>
      )}
      <DataTable
        label={t('test.table', { name })}
        columns={columns}
        rows={result.features}
        rowKey={({ feature }) => feature}
        scroll={{ label: t('test.table', { name }), className: 'max-h-96' }}
      />
      <Policy
        label={missing.length > 0 ? t('policy.missing') : t('policy.whole')}
        actions={missing.length > 0 ? missing : wanted}
      />
    </div>
  );
}

/** A CAM policy to paste. */
function Policy({ label, actions }: { readonly label: string; readonly actions: readonly string[] }) {
  const t = useTranslations('connections');
  const policy = buildPolicy(actions);
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');

  async function copy() {
    try {
      await navigator.clipboard.writeText(policy);
      setState('copied');
    } catch {
      // Without permission, or outside a secure context: the text can be selected.
      setState('failed');
    }
  }

  return (
    <details className="text-12">
      <summary className="cursor-pointer font-medium">{label}</summary>
      <div className="mt-2 grid grid-cols-[minmax(0,1fr)] gap-2">
        <div>
          <Button size="sm" onClick={copy} onBlur={() => setState('idle')}>
            {t(`policy.copy.${state}`)}
          </Button>
        </div>
        <pre className="mono rounded-md border border-line bg-sunken p-2 break-all whitespace-pre-wrap">
          {policy}
        </pre>
      </div>
    </details>
  );
}
