'use client';

import { useTranslations } from 'next-intl';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Input } from '@/components/ui/input';
import { LiveRegion } from '@/components/ui/live-region';
import { Page } from '@/components/ui/page-header';
import { AsOf } from '@/components/ui/time';
import type { CreatePlanAction, DeployFunctionAction, StartSyncAction } from '@/lib/client/actions';
import type { ConnectionView } from '@/lib/client/views';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { CreateFunction } from './create-function';
import { CvmLaneSheet } from './cvm-lane-sheet';
import { EditorFooter } from './editor-footer';
import { EditorNotices } from './editor-notices';
import { firstBlockedField } from './field-findings';
import { focusField } from './field-id';
import { FunctionLaneSheet } from './function-lane-sheet';
import { PlanSoFar } from './plan-so-far';
import { useEditorKeys } from './use-editor-keys';
import { useLiveEstate } from './use-live-estate';
import { useNewFunction } from './use-new-function';
import { useSplitForm } from './use-split-form';

type SplitEditorProps = {
  readonly connection: ConnectionView;
  readonly estate: Estate;
  /** How long clients keep a connection, in seconds: what the way back waits for. */
  readonly keepAliveS: number;
  readonly createPlan: CreatePlanAction;
  readonly deployFunction: DeployFunctionAction;
  readonly startSync: StartSyncAction;
};

/** Plans a Split: two lanes, each a route from a domain to what serves it, checked with every choice. */
export function SplitEditor(props: SplitEditorProps) {
  const { connection, keepAliveS, createPlan, deployFunction, startSync } = props;
  const t = useTranslations('diversion');
  const { estate, addFunction, isReading, problem } = useLiveEstate(connection.id, props.estate, startSync);
  const form = useSplitForm({ connection, estate, keepAliveS, createPlan });
  const { draft, preview } = form;
  const region = findLoadBalancer(estate, draft.laneB.loadBalancerId)?.region;
  const newFunction = useNewFunction({
    connectionId: connection.id,
    region,
    deployFunction,
    onReady: (fn, choice, body) => {
      addFunction(fn);
      form.takeFunction(choice, body);
    },
  });
  const goToFirstBlock = () => {
    const field = firstBlockedField(preview.findings);
    if (field !== undefined) focusField(field);
  };
  useEditorKeys({ onFirstBlock: goToFirstBlock, onReview: form.review });

  return (
    <>
      <ReadOnlyNote />
      <Page>
        <div className="min-w-0">
          <h1 className="sr-only">{t('title')}</h1>
          <Input
            id="split-name"
            aria-label={t('nameLabel')}
            aria-invalid={draft.name.trim() === '' || undefined}
            value={draft.name}
            onChange={(event) => form.setName(event.target.value)}
            className="max-w-80 [&_input]:-ml-[11px] [&_input]:border-transparent [&_input]:bg-transparent [&_input]:text-16 [&_input]:font-semibold [&_input:hover]:border-line-strong [&_input:hover]:bg-surface md:[&_input]:text-20"
          />
          <div className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-12 text-ink-2">
            <span>{t('sub')}</span>
            <span>{t('estateAt', { account: connection.name })}</span>
            <AsOf at={estate.takenAt} />
            {isReading ? <span role="status">{t('estateRefreshing')}</span> : null}
          </div>
        </div>
        <EditorNotices failure={form.failure} syncProblem={problem} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_332px]">
          <div className="grid items-stretch gap-4 lg:grid-cols-2">
            <CvmLaneSheet estate={estate} form={form} />
            <FunctionLaneSheet
              estate={estate}
              form={form}
              deployment={newFunction.deployment}
              onCreateFunction={newFunction.open}
            />
          </div>
          <PlanSoFar plan={preview.plan} />
        </div>
      </Page>
      <span className="mt-auto" />
      <EditorFooter
        preview={preview}
        busy={form.isSending}
        onDiscard={form.discard}
        onFirstBlock={goToFirstBlock}
        onReview={form.review}
      />
      <CreateFunction
        open={newFunction.isOpen}
        onOpenChange={newFunction.setOpen}
        region={region}
        isolation={connection.isolation}
        deployment={newFunction.deployment}
        onDeploy={newFunction.deploy}
      />
      <LiveRegion message={newFunction.announcement} />
    </>
  );
}
