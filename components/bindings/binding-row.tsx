'use client';

import { Split } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { Td, Tr } from '@/components/ui/table';
import { bindingColumns, type DatedBinding } from '@/lib/estate/bindings/binding-query';
import { routes } from '@/lib/routes';
import { BindingCell } from './binding-cell';
import { columnLook } from './column-look';

type BindingRowProps = {
  /** The row's index among all rows, from 0. */
  readonly index: number;
  readonly binding: DatedBinding;
  readonly connectionId: string;
  /** Called with a card once it is rendered, to measure its height. */
  readonly measure: ((row: HTMLTableRowElement | null) => void) | undefined;
};

/** A plain host name. A wildcard or an expression is not a domain that a diversion could move. */
const hostName = /^[a-z0-9.-]+$/i;

/** One rule or layer-4 listener. */
export function BindingRow({ index, binding, connectionId, measure }: BindingRowProps) {
  const t = useTranslations('bindings');
  const { list, id, domain } = binding;
  return (
    <Tr
      {...(measure ? { ref: measure } : {})}
      data-index={index}
      aria-rowindex={index + 2}
      className="hover:bg-hover md:h-10.25 max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-0.5 max-md:py-2.5"
    >
      {bindingColumns.map((column) => (
        <Td
          key={column}
          card="free"
          className={classes('truncate whitespace-nowrap', columnLook[column].cell)}
        >
          <BindingCell binding={binding} column={column} connectionId={connectionId} />
        </Td>
      ))}
      <Td card="free" className="text-right max-md:hidden">
        {list === 'rules' && domain !== null && hostName.test(domain) ? (
          <ButtonLink
            size="sm"
            href={routes.newDiversion(connectionId, { domain, rule: id })}
            prefetch={false}
            icon={<Split aria-hidden />}
            aria-label={t('divertName', { domain })}
          >
            {t('divert')}
          </ButtonLink>
        ) : null}
      </Td>
    </Tr>
  );
}
