'use client';

import { sidesOf } from '@/components/diversion/draft/draft';
import { listBlocks } from '@/components/diversion/draft/field-findings';
import { focusField } from '@/components/diversion/draft/field-id';
import { CreateFunction } from '@/components/diversion/function/create-function';
import { DeployProgress } from '@/components/diversion/function/deploy-progress';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { classes } from '@/components/ui/classes';
import { LiveRegion } from '@/components/ui/live-region';
import { PageFrame } from '@/components/ui/page-header';
import { AccountsPanel } from './accounts-panel';
import { BlocksPanel } from './blocks-panel';
import { CreatingDialog } from './creating-dialog';
import { DraftNotices } from './draft-notices';
import { EditorFooter } from './editor-footer';
import { EditorHead } from './editor-head';
import { EditorNotices } from './editor-notices';
import { PeakPanel } from './peak-panel';
import { PlanSoFar } from './plan-so-far';
import { RampPanel } from './ramp-panel';
import { SideFoot } from './side-foot';
import { SideSheet } from './side-sheet';
import { TtlPanel } from './ttl-panel';
import { type EditorInput, useEditor } from './use-editor';
import { useEditorKeys } from './use-editor-keys';

/**
 * Plans a diversion of any kind: each side is a list of routes from a domain to its backend, checked on every choice.
 */
export function DiversionEditor(input: EditorInput) {
  const { connection } = input;
  const { spanned, span, live, drafting, form, routeForm, newFunction, creating, stopCreating } =
    useEditor(input);
  const { draft, preview } = form;
  const sides = sidesOf[draft.kind];
  const blocks = listBlocks(draft, preview.findings);
  const goToFirstBlock = () => {
    if (blocks[0] !== undefined) focusField(blocks[0].field);
  };
  useEditorKeys({ onFirstBlock: goToFirstBlock, onReview: form.review });
  // The deployment is shown at the route that its function will serve.
  const progress = (index: number) =>
    newFunction.deployment.state === 'running' && draft.routes[index]?.key === newFunction.routeKey ? (
      <div className="pb-3.5 pl-8.5">
        <DeployProgress deployment={newFunction.deployment} />
      </div>
    ) : null;

  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <EditorHead
          draft={draft}
          estate={live.estate}
          account={connection.name}
          isReading={live.isReading}
          onName={(name) => form.change({ name })}
          onKind={drafting.changeKind}
        />
        <DraftNotices
          account={connection.name}
          notes={drafting.notes}
          left={drafting.left}
          onRestore={drafting.restore}
          onDiscard={drafting.discard}
        />
        <EditorNotices failure={form.failure} syncProblem={live.problem} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_332px]">
          <div className="grid min-w-0 gap-4">
            <div className={classes('grid items-stretch gap-4', sides.length > 1 && 'lg:grid-cols-2')}>
              {sides.map((side) => (
                <SideSheet
                  key={side}
                  side={side}
                  form={form}
                  routeForm={routeForm}
                  foot={<SideFoot side={side} form={form} />}
                  below={progress}
                />
              ))}
            </div>
            {draft.kind === 'switch' ? <RampPanel form={form} /> : null}
            <TtlPanel form={form} />
            <PeakPanel form={form} />
            {input.accounts.length > 0 ? (
              <AccountsPanel accounts={input.accounts} spanned={spanned} onSpan={span} />
            ) : null}
          </div>
          <div className="grid min-w-0 gap-4">
            <BlocksPanel draft={draft} blocks={blocks} onFixAll={form.fixAll} />
            <PlanSoFar draft={draft} plan={preview.plan} />
          </div>
        </div>
      </PageFrame>
      <span className="mt-auto" />
      <EditorFooter
        draft={draft}
        preview={preview}
        busy={form.isSending}
        onDiscard={drafting.discard}
        onFirstBlock={goToFirstBlock}
        onReview={form.review}
      />
      <CreatingDialog creating={creating} form={form} onClose={stopCreating} />
      <CreateFunction
        open={newFunction.isOpen}
        onClose={newFunction.close}
        region={newFunction.region}
        onRegion={newFunction.chooseRegion}
        estate={live.estate}
        isolation={connection.isolation}
        deployment={newFunction.deployment}
        onDeploy={newFunction.deploy}
      />
      <LiveRegion message={newFunction.announcement} />
    </>
  );
}
