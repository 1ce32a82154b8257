'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { RouteFields } from '@/components/diversion/routes/route-fields';
import { SideFrame } from '@/components/diversion/routes/side-frame';
import { ActionFailure } from '@/components/shell/action-failure';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { Select } from '@/components/ui/select';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
import type { AddSwitchAction } from '@/lib/client/actions';
import type { ConnectionView } from '@/lib/client/views';
import type { FunctionTrial } from '@/lib/estate/function-trial';
import type { Estate } from '@/lib/estate/model';
import { routes } from '@/lib/routes';
import { NewSwitchFooter } from './new-switch-footer';
import { useNewSwitch } from './use-new-switch';

type NewSwitchProps = {
  readonly connections: readonly Pick<ConnectionView, 'id' | 'name'>[];
  readonly connectionId: string;
  readonly estate: Estate;
  readonly trials: readonly FunctionTrial[];
  readonly addSwitch: AddSwitchAction;
};

/** Adds a domain with its two sides to the switchboard, from the resources in the estate. */
export function NewSwitch({ connections, connectionId, estate, trials, addSwitch }: NewSwitchProps) {
  const t = useTranslations('switch.add');
  const router = useRouter();
  const form = useNewSwitch({ connectionId, estate, trials, addSwitch });
  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <PageHeader
          title={t('title')}
          sub={
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-12">
              <span>{t('sub')}</span>
              <AsOf at={estate.takenAt} />
            </span>
          }
          actions={
            <div className="w-64">
              <Select
                aria-label={t('connection')}
                options={connections.map(({ id, name }) => ({ value: id, label: name }))}
                value={connectionId}
                onChange={(id) => router.push(routes.newSwitch(id))}
              />
            </div>
          }
        />
        <ActionFailure
          action={form.adding}
          unknownNote={t.rich('unknownNote', {
            switches: (text) => <TextLink href={routes.switches()}>{text}</TextLink>,
          })}
        />
        <div className="grid items-stretch gap-4 lg:grid-cols-2">
          {form.form.draft.routes.map(({ key, to }, index) => (
            <SideFrame
              key={key}
              side={to}
              title={t(`${to}.title`)}
              sub={t(`${to}.sub`)}
              foot={t(`${to}.foot`)}
            >
              <RouteFields form={form.form} index={index} canAddTargets={false} />
            </SideFrame>
          ))}
        </div>
      </PageFrame>
      <span className="mt-auto" />
      <NewSwitchFooter
        draft={form.form.draft}
        preview={form.preview}
        isBusy={form.adding.isBusy || form.adding.isDone}
        onAdd={form.submit}
      />
    </>
  );
}
