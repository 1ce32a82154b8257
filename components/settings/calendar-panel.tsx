'use client';

import { CalendarPlus, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { ConfirmAction } from '@/components/shell/dialogs/confirm-action';
import { useDialog } from '@/components/shell/dialogs/use-dialog';
import { clearSent, useAction } from '@/components/shell/use-action';
import { Banner } from '@/components/ui/banner';
import { signed } from '@/components/ui/base/signed';
import { Button, IconButton } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copyable';
import { TextField } from '@/components/ui/forms/text-field';
import type { Column } from '@/components/ui/tables/data-table';
import { TablePanel } from '@/components/ui/tables/table-panel';
import { Time } from '@/components/ui/time';
import { useMay } from '@/lib/client/session/rights';
import type {
  CalendarFeedView,
  CreateCalendarFeedAction,
  RevokeCalendarFeedAction,
} from '@/lib/contract/schedule';

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
  const revocation = useDialog<CalendarFeedView>();
  const columns: readonly Column<CalendarFeedView>[] = [
    { name: t('name'), className: 'font-semibold', cell: ({ name }) => name },
    {
      name: t('created'),
      cell: ({ createdAt, createdBy }) => t.rich('createdBy', signed(createdBy, createdAt)),
    },
    {
      name: t('lastRead'),
      cell: ({ lastReadAt }) => (lastReadAt === null ? t('never') : <Time at={lastReadAt} />),
    },
    {
      name: '',
      cell: (feed) =>
        mayConfigure ? (
          <span className="flex justify-end">
            <IconButton
              size="sm"
              label={t('revoke', { name: feed.name })}
              icon={<Trash2 aria-hidden />}
              onClick={() => revocation.open(feed)}
            />
          </span>
        ) : null,
    },
  ];
  return (
    <TablePanel
      title={t('title')}
      about={t('about')}
      none={t('none')}
      columns={columns}
      rows={feeds}
      rowKey={({ id }) => id}
    >
      {mayConfigure ? <CreateFeed createFeed={createFeed} onChanged={onChanged} /> : null}
      <ConfirmAction
        dialog={revocation}
        title={({ name }) => t('revokeTitle', { name })}
        text={t('revokeText')}
        confirmLabel={t('revokeNow')}
        cancelLabel={t('keep')}
        action={revokeFeed}
        input={({ id }) => id}
        onDone={onChanged}
      />
    </TablePanel>
  );
}

/** Creates an address and shows it once: the server stores only its hash. */
function CreateFeed({ createFeed, onChanged }: Pick<CalendarPanelProps, 'createFeed' | 'onChanged'>) {
  const t = useTranslations('settings.calendar');
  const [name, setName] = useState('');
  const [address, setAddress] = useState<string | null>(null);
  const create = useAction(createFeed, ({ url }, _isHere, sent) => {
    setName(clearSent(sent.name));
    setAddress(url);
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
        <TextField
          label={t('name')}
          note={t('nameHint')}
          error={create.fieldError('name', name)}
          value={name}
          onType={setName}
        />
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
