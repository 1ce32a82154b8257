'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { Chip, KindMark, Status } from '@/components/ui/chip';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { FunctionColumn, ListedFunction } from '@/lib/estate/functions/function-query';
import { unreachable } from '@/lib/invariant';
import { routes } from '@/lib/routes';
import { statusTone } from './status-tone';

type FunctionCellProps = {
  readonly fn: ListedFunction;
  readonly column: FunctionColumn;
  readonly connectionId: string;
};

/** One value of a row. */
export function FunctionCell({ fn, column, connectionId }: FunctionCellProps) {
  const t = useTranslations('functions');
  switch (column) {
    case 'name':
      return (
        <span className="inline-flex max-w-full items-center gap-1.5">
          <KindMark kind="scf" />
          <TextLink
            href={routes.function(connectionId, fn)}
            prefetch={false}
            title={`${fn.namespace}/${fn.name}`}
            className="inline! truncate font-semibold"
          >
            {fn.name}
          </TextLink>
          <span className="truncate text-ink-3">{fn.namespace}</span>
        </span>
      );
    case 'region':
      return <span className="text-ink-2">{fn.region}</span>;
    case 'runtime':
      return fn.type === 'HTTP' ? `${fn.runtime} (HTTP)` : fn.runtime;
    case 'status':
      return <Status tone={statusTone(fn.status)}>{fn.status}</Status>;
    case 'versions':
      return fn.versionCount;
    case 'aliases':
      return fn.aliasCount ?? <span className="text-ink-3">{t('unread')}</span>;
    case 'provisioned':
      return <Provisioned fn={fn} />;
    case 'use':
      return <Use fn={fn} />;
    case 'calls':
    case 'errors':
      return <Count count={fn[column]} isBad={column === 'errors'} />;
    case 'modifiedAt':
      return <Time at={fn.modifiedAt} />;
    default:
      return unreachable(column);
  }
}

/** A number of calls; errors are marked. */
function Count({ count, isBad }: { readonly count: number | null; readonly isBad: boolean }) {
  const t = useTranslations('functions');
  const format = useFormatter();
  if (count === null) return <span className="text-ink-3">{t('unmeasured')}</span>;
  return (
    <span className={isBad && count > 0 ? 'font-semibold text-bad-ink' : undefined}>
      {format.number(count)}
    </span>
  );
}

function Provisioned({ fn: { provisioned } }: { readonly fn: ListedFunction }) {
  const t = useTranslations('functions');
  if (provisioned === null) return <span className="text-ink-3">{t('unread')}</span>;
  if (provisioned.allocated === 0) return <span className="text-ink-3">{t('noWarm')}</span>;
  return t('warm', { ready: provisioned.available, count: provisioned.allocated });
}

/** The number of rules that use it, then its other triggers. */
function Use({ fn: { ruleCount, otherTriggerCount, leftBy } }: { readonly fn: ListedFunction }) {
  const t = useTranslations('functions');
  return (
    <span className="inline-flex items-center gap-2">
      {ruleCount > 0 ? (
        t('rules', { count: ruleCount })
      ) : (
        <Chip tone={leftBy === null ? 'neutral' : 'warn'}>
          {leftBy === null ? t('unused') : t('leftBy', { run: leftBy.runId })}
        </Chip>
      )}
      {otherTriggerCount ? (
        <span className="text-ink-3">{t('otherTriggers', { count: otherTriggerCount })}</span>
      ) : null}
    </span>
  );
}
