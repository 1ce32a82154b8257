'use client';

import { useQuery } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Callout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { rehearsalsQuery } from '@/lib/client/rehearsal-queries';
import { useMay } from '@/lib/client/session/rights';
import type { RehearsalRow } from '@/lib/contract/rehearsal';
import { routes } from '@/lib/routes';
import { RehearsalChip } from './rehearsal-chip';
import { RehearsalLine } from './rehearsal-line';
import { RehearseDialog, type RehearseDialogProps } from './rehearse-dialog';

export type RehearsalsPanelProps = Omit<RehearseDialogProps, 'onClose'>;

/** The rehearsals of a plan, and the button that starts one. */
export function RehearsalsPanel(props: RehearsalsPanelProps) {
  const t = useTranslations('rehearsal');
  const mayRehearse = useMay('operate');
  const [isOpen, setIsOpen] = useState(false);
  const { data, isError } = useQuery(rehearsalsQuery(props.planId));
  return (
    <Panel
      title={t('title')}
      aside={
        <TextLink href={routes.capacity(props.planId)} prefetch={false} className="text-12">
          {t('capacity')}
        </TextLink>
      }
      flush
    >
      <div className="grid gap-2 px-4 py-3">
        {isError ? <Callout tone="warn">{t('unread')}</Callout> : null}
        {data === undefined || data.length === 0 ? <p className="text-12 text-ink-2">{t('none')}</p> : null}
        <ul className="grid gap-2">
          {data?.map((row) => (
            <RehearsalItem key={row.id} row={row} />
          ))}
        </ul>
        {mayRehearse ? (
          <div className="max-md:hidden">
            <Button size="sm" icon={<FlaskConical aria-hidden />} onClick={() => setIsOpen(true)}>
              {t('start')}
            </Button>
          </div>
        ) : null}
      </div>
      {isOpen ? <RehearseDialog {...props} onClose={() => setIsOpen(false)} /> : null}
    </Panel>
  );
}

function RehearsalItem({ row }: { readonly row: RehearsalRow }) {
  return (
    <li className="grid gap-0.5">
      <span className="flex items-center gap-2">
        <TextLink href={routes.rehearsal(row.id)}>{row.id}</TextLink>
        <RehearsalChip row={row} />
      </span>
      <RehearsalLine row={row} />
    </li>
  );
}
