'use client';

import { LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { CloudErrorText } from '@/components/cloud-error/cloud-error-text';
import { Person } from '@/components/ui/base/person';
import { Status } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { Time } from '@/components/ui/time';
import type { FunctionEventView } from '@/lib/contract/function';
import type { AliasTarget } from '@/lib/estate/functions/function-change';
import type { FunctionPageProps } from './function-props';

/** The changes that Spillway has made to a function outside of plans, newest first: actor, reason, and outcome. */
export function ActivityTab({ view }: FunctionPageProps) {
  const t = useTranslations('functions.activity');
  const describe = useChangeText();
  const columns: readonly Column<FunctionEventView>[] = [
    { name: t('time'), cell: ({ at }) => <Time at={at} /> },
    { name: t('what'), cell: ({ what }) => describe(what) },
    { name: t('actor'), cell: ({ actor, at }) => <Person address={actor} at={at} /> },
    {
      name: t('reason'),
      className: 'md:max-w-72 break-words',
      cell: ({ reason }) => reason || <span className="text-ink-3">{t('noReason')}</span>,
    },
    {
      name: t('state'),
      className: 'md:max-w-96 break-words',
      cell: (event) => <EventState event={event} />,
    },
  ];
  return (
    <Panel flush title={t('title')}>
      <DataTable
        label={t('table')}
        columns={columns}
        rows={view.history}
        rowKey={({ id }) => id}
        none={t('none')}
      />
    </Panel>
  );
}

function EventState({ event }: { readonly event: FunctionEventView }) {
  const t = useTranslations('functions.activity');
  if (event.state === 'running')
    return (
      <span role="status" className="inline-flex items-center gap-1.5 text-ink-2">
        <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
        {t('running')}
      </span>
    );
  if (event.state === 'done')
    return (
      <span className="inline-flex flex-wrap gap-x-2">
        <Status tone="ok">{t('done')}</Status>
        {event.version === null ? null : t('version', { version: event.version })}
      </span>
    );
  return (
    <>
      <Status tone="bad">{t('failed')}</Status> <CloudErrorText error={event.error} />
    </>
  );
}

/** Returns a function that describes a deployment or change. */
function useChangeText(): (what: FunctionEventView['what']) => string {
  const t = useTranslations('functions.activity');
  const target = ({ version, additional }: AliasTarget) =>
    additional === null
      ? version
      : t('target', { version, other: additional.version, percent: additional.percent });
  return (what) => {
    switch (what.kind) {
      case 'deploy':
        return what.alias === null ? t('deploy') : t('deployAlias', { alias: what.alias });
      case 'publish':
        return t('publish');
      case 'setAlias':
        return t('setAlias', { alias: what.alias, target: target(what.after) });
      case 'deleteAlias':
        return t('deleteAlias', { alias: what.alias });
      case 'setProvisioned':
        return t('setProvisioned', what);
      case 'deleteVersion':
        return t('deleteVersion', { version: what.version });
      case 'delete':
        return t('delete');
    }
  };
}
