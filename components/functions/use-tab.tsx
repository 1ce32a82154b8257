'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { Status } from '@/components/ui/chip';
import { Mono } from '@/components/ui/copyable';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import { useMay } from '@/lib/client/session/rights';
import type { FunctionUse } from '@/lib/estate/functions/function-use';
import type { FunctionTrigger } from '@/lib/estate/model';
import { routes } from '@/lib/routes';
import type { FunctionPageProps } from './function-props';

/** Shows where a function is used: the rules that call it, and its other triggers. */
export function UseTab({ connection, view }: FunctionPageProps) {
  const t = useTranslations('functions.uses');
  const { triggers, region, namespace, name: functionName } = view.function;
  const mayOperate = useMay('operate');
  const key = `${region}/${namespace}/${functionName}`;
  const rules: readonly Column<FunctionUse>[] = [
    {
      name: t('domain'),
      cell: ({ ruleId, domain, url }) => (
        <TextLink href={routes.estateNode(connection.id, `ru:${ruleId}`)}>{`${domain}${url}`}</TextLink>
      ),
    },
    {
      name: t('loadBalancer'),
      cell: ({ loadBalancerId, loadBalancer }) => (
        <TextLink href={routes.estateNode(connection.id, `lb:${loadBalancerId}`)}>{loadBalancer}</TextLink>
      ),
    },
    { name: t('listener'), cell: ({ listener }) => <Mono>{listener ?? t('unknown')}</Mono> },
    { name: t('qualifier'), cell: ({ qualifier }) => <Mono>{qualifier}</Mono> },
    { name: t('weight'), isNumber: true, cell: ({ weight }) => weight },
  ];
  const calling: readonly Column<FunctionTrigger>[] = [
    { name: t('trigger'), cell: ({ name }) => name || t('unnamed') },
    { name: t('kind'), cell: ({ kind }) => kind },
    { name: t('calls'), cell: ({ qualifier }) => <Mono>{qualifier ?? t('unknown')}</Mono> },
    {
      name: t('setting'),
      className: 'md:max-w-96 break-all',
      cell: ({ setting, description }) => (
        <>
          <Mono>{setting}</Mono> {description}
        </>
      ),
    },
    {
      name: t('state'),
      cell: ({ enabled }) => (
        <Status tone={enabled === null ? 'info' : enabled ? 'ok' : 'off'}>
          {t(enabled === null ? 'unknown' : enabled ? 'on' : 'off')}
        </Status>
      ),
    },
  ];
  return (
    <>
      <Panel
        flush
        title={t('title')}
        aside={
          mayOperate ? (
            <ButtonLink
              size="sm"
              className="max-md:hidden"
              icon={<Plus aria-hidden />}
              href={routes.newDiversion(connection.id, { kind: 'access', function: key })}
            >
              {t('publish')}
            </ButtonLink>
          ) : null
        }
      >
        <DataTable
          label={t('table')}
          columns={rules}
          rows={view.uses}
          rowKey={({ ruleId, qualifier }) => `${ruleId} ${qualifier}`}
          none={t('none')}
        />
      </Panel>
      <Panel flush title={t('triggers')}>
        {triggers === null ? (
          <p className="px-4 py-3 text-12 text-ink-2">{t('triggersUnread')}</p>
        ) : (
          <DataTable
            label={t('triggersTable')}
            columns={calling}
            rows={triggers}
            rowKey={({ kind, name, qualifier }) => `${kind} ${name} ${qualifier}`}
            none={t('triggersNone')}
          />
        )}
      </Panel>
    </>
  );
}
