'use client';

import { CalendarPlus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Banner } from '@/components/ui/banner';
import { Button, IconButton } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { Time } from '@/components/ui/time';
import type { CreateCalendarFeedAction, RevokeCalendarFeedAction } from '@/lib/client/actions';
import { useMay } from '@/lib/client/session/rights';
import type { CalendarFeedView } from '@/lib/client/views';
import { lateRoutes } from '@/lib/late-routes';

export type CalendarPanelProps = {
  readonly feeds: readonly CalendarFeedView[];
  readonly createFeed: CreateCalendarFeedAction;
  readonly revokeFeed: RevokeCalendarFeedAction;
  readonly onChanged: () => void;
};

/** The feed addresses for calendar programs. */
export function CalendarPanel({ feeds, createFeed, revokeFeed, onChanged }: CalendarPanelProps) {
  const t = useTranslations('settings.calendar');
  const mayConfigure = useMay('configure');
  // Outside of the rows, because reading the page again may replace them while a revocation is confirmed.
  const [asked, setAsked] = useState<{ readonly feed: CalendarFeedView; readonly isOpen: boolean } | null>(
    null,
  );
  const columns: readonly Column<CalendarFeedView>[] = [
    { name: t('name'), className: 'font-semibold', cell: ({ name }) => name },
    {
      name: t('created'),
      cell: ({ createdAt, createdBy }) =>
        t.rich('createdBy', { actor: createdBy, time: () => <Time at={createdAt} /> }),
    },
    {
      name: t('lastRead'),
      cell: ({ lastReadAt }) => (lastReadAt === null ? t('never') : <Time at={lastReadAt} />),
    },
    {
      name: '',
      cell: (feed) =>
        mayConfigure ? (
          <span className="flex justify-end max-md:hidden">
            <IconButton
              size="sm"
              label={t('revoke', { name: feed.name })}
              icon={<Trash2 aria-hidden />}
              onClick={() => setAsked({ feed, isOpen: true })}
            />
          </span>
        ) : null,
    },
  ];
  return (
    <Panel title={t('title')}>
      <div className="grid gap-4">
        <p className="text-12 text-ink-2">{t('about')}</p>
        {feeds.length === 0 ? (
          <p>{t('none')}</p>
        ) : (
          <DataTable label={t('title')} columns={columns} rows={feeds} rowKey={({ id }) => id} />
        )}
        {mayConfigure ? <CreateFeed createFeed={createFeed} onChanged={onChanged} /> : null}
        {asked === null ? null : (
          <RevokeFeed
            key={asked.feed.id}
            {...asked}
            setOpen={(isOpen) => setAsked((now) => (now?.feed === asked.feed ? { ...now, isOpen } : now))}
            {...{ revokeFeed, onChanged }}
          />
        )}
      </div>
    </Panel>
  );
}

/** Creates an address and shows it once: the server stores only its hash. */
function CreateFeed({ createFeed, onChanged }: Pick<CalendarPanelProps, 'createFeed' | 'onChanged'>) {
  const t = useTranslations('settings.calendar');
  const [name, setName] = useState('');
  const [address, setAddress] = useState<string | null>(null);
  const create = useAction(createFeed, ({ token }) => {
    setName('');
    setAddress(`${window.location.origin}${lateRoutes.api.calendar(token)}`);
    onChanged();
  });
  return (
    <form
      aria-label={t('create')}
      className="grid gap-3 max-md:hidden"
      onSubmit={(event) => {
        event.preventDefault();
        create.send({ name });
      }}
    >
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-3">
        <Field label={t('name')} note={t('nameHint')} error={create.fieldError('name')}>
          {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Button type="submit" className="mt-6" busy={create.isBusy} icon={<CalendarPlus aria-hidden />}>
          {t('create')}
        </Button>
      </div>
      <ActionFailure action={create} />
      {address === null ? null : (
        <div role="status">
          <Banner title={t('address')}>
            <Copyable value={address} />
          </Banner>
        </div>
      )}
    </form>
  );
}

type RevokeFeedProps = Pick<CalendarPanelProps, 'revokeFeed' | 'onChanged'> & {
  readonly feed: CalendarFeedView;
  readonly isOpen: boolean;
  readonly setOpen: (isOpen: boolean) => void;
};

/** Asks for confirmation, and revokes an address. */
function RevokeFeed({ feed: { id, name }, isOpen, setOpen, revokeFeed, onChanged }: RevokeFeedProps) {
  const t = useTranslations('settings.calendar');
  const revoke = useAction(revokeFeed, () => {
    setOpen(false);
    onChanged();
  });
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      title={t('revokeTitle', { name })}
      description={t('revokeText')}
      cancelLabel={t('keep')}
      action={
        <Button variant="dangerSolid" busy={revoke.isBusy} onClick={() => revoke.send(id)}>
          {t('revokeNow')}
        </Button>
      }
    >
      <ActionFailure action={revoke} />
    </Dialog>
  );
}
