'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { FunctionBackendField } from '@/components/diversion/function-backend-field';
import { LaneField } from '@/components/diversion/lane-field';
import { RouteFields } from '@/components/diversion/route-fields';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Input } from '@/components/ui/input';
import { Page, PageHeader } from '@/components/ui/page-header';
import { Select } from '@/components/ui/select';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
import type { AddSwitchAction } from '@/lib/client/actions';
import type { ConnectionView } from '@/lib/client/views';
import type { Estate } from '@/lib/estate/model';
import { routes } from '@/lib/routes';
import { ActionFailureNote } from './action-failure-note';
import { NewSwitchFooter } from './new-switch-footer';
import { SideSheet } from './side-sheet';
import { useNewSwitch } from './use-new-switch';

type NewSwitchProps = {
  readonly connections: readonly Pick<ConnectionView, 'id' | 'name'>[];
  readonly connectionId: string;
  readonly estate: Estate;
  readonly addSwitch: AddSwitchAction;
};

/** Puts a domain with its two sides onto the switchboard, from what the estate has. */
export function NewSwitch({ connections, connectionId, estate, addSwitch }: NewSwitchProps) {
  const t = useTranslations('switch.add');
  const words = useTranslations('diversion');
  const router = useRouter();
  const form = useNewSwitch({ connectionId, estate, addSwitch });
  const { laneA, laneB } = form.draft;
  const fields = { estate, stateOf: form.stateOf, onFix: form.fix };
  return (
    <>
      <ReadOnlyNote />
      <Page>
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
        <ActionFailureNote
          failure={form.adding.failure}
          unknownNote={t.rich('unknownNote', {
            switches: (text) => <TextLink href={routes.switches()}>{text}</TextLink>,
          })}
        />
        <div className="grid items-stretch gap-4 lg:grid-cols-2">
          <SideSheet side="cvm">
            <RouteFields lane="laneA" route={laneA} isWhole onChange={form.setLaneA} {...fields} />
          </SideSheet>
          <SideSheet side="function">
            <RouteFields lane="laneB" route={laneB} hasDomain={false} onChange={form.setLaneB} {...fields} />
            <FunctionBackendField
              estate={estate}
              lane={laneB}
              state={form.stateOf('laneB.function')}
              onChange={(choice) => form.setLaneB({ function: choice })}
              onFix={form.fix}
            />
            <LaneField
              field="laneB.expectedBody"
              label={words('field.expectedBody')}
              part="answer"
              kind="scf"
              last
              note={words('expectedBodyNote')}
              onFix={form.fix}
              {...form.stateOf('laneB.expectedBody')}
            >
              {(control) => (
                <Input
                  {...control}
                  value={laneB.expectedBody}
                  onChange={(event) => form.setLaneB({ expectedBody: event.target.value })}
                  placeholder={words('choose.expectedBody')}
                />
              )}
            </LaneField>
          </SideSheet>
        </div>
      </Page>
      <span className="mt-auto" />
      <NewSwitchFooter
        preview={form.preview}
        isBusy={form.adding.isBusy || form.adding.isDone}
        onAdd={form.submit}
      />
    </>
  );
}
