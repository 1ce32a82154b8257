'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { focusField } from '@/components/diversion/draft/field-id';
import { getTtlFloor, ttlFacts } from '@/components/diversion/draft/ttl-facts';
import { LateBlocksPanel } from '@/components/diversion/findings/late-checks';
import { ActionFailure } from '@/components/shell/action-failure';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Banner } from '@/components/ui/banner';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import { classes } from '@/components/ui/classes';
import { Copyable } from '@/components/ui/copyable';
import { DialogPart } from '@/components/ui/dialog';
import { PageFrame } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { type DraftSide, type RouteDraft, sidesOf } from '@/lib/draft/draft';
import { parseField, shownAt } from '@/lib/draft/draft-fields';
import type { EstateSlice } from '@/lib/draft/estate-slice';
import { listBlocks } from '@/lib/draft/field-findings';
import { recordTtlDefaultS } from '@/lib/estate/facts/limits';
import { findListener } from '@/lib/estate/look-up';
import { AccountsPanel } from './accounts-panel';
import { DraftNotices, EditorNotices } from './draft-notices';
import { EditorFooter } from './editor-footer';
import { EditorHead } from './editor-head';
import { OptionalNumber, OptionalNumberNotes } from './optional-number';
import { PlanSoFar } from './plan-so-far';
import { SideSheet } from './side-sheet';
import type { DiversionForm } from './use-diversion-form';
import { type EditorInput, useEditor } from './use-editor';

/** The panels that only a Switch has. */
const switchPanels = onDemand(() => import('./switch-panels'));

/** The dialogs that create resources are large. */
const dialogs = onDemand(() => import('./creating-dialogs'));

const usualPorts = { http: 80, https: 443 } as const;

/** Returns the address of a route once it is applied, or null while its domain, listener or path is not chosen. */
function accessAddress(estate: EstateSlice, route: RouteDraft): string | null {
  const listener = findListener(estate, route.loadBalancerId, route.listenerId);
  const { rule } = route;
  const url = rule.kind === 'new' ? rule.url : estate.rules.find(({ id }) => id === rule.ruleId)?.url;
  if (listener === undefined || route.domain === '' || !url?.startsWith('/')) return null;
  const scheme = listener.protocol === 'HTTPS' ? 'https' : 'http';
  const port = listener.port === usualPorts[scheme] ? '' : `:${listener.port}`;
  return `${scheme}://${route.domain}${port}${url}`;
}

/**
 * Plans a diversion of any kind: each side is a list of routes from a domain to its backend, checked on every choice.
 */
export function DiversionEditor(input: EditorInput) {
  const { connection } = input;
  const {
    spanned,
    span,
    live,
    drafting,
    form,
    saving,
    save,
    routeForm,
    newFunction,
    creating,
    stopCreating,
  } = useEditor(input);
  const { draft, preview } = form;
  const sides = sidesOf[draft.kind];
  const blocks = listBlocks(draft, preview.findings);
  const goToFirstBlock = () => {
    if (blocks[0] !== undefined) focusField(blocks[0].field);
  };
  const ui = useTranslations('ui');
  const isSwitch = draft.kind === 'switch';
  const panels = usePart(switchPanels, isSwitch);
  useAskedField(form, !isSwitch || panels !== null ? input.asked.field : null);
  useEditorKeys({ onFirstBlock: goToFirstBlock, onReview: form.review });
  // The deployment is shown at the route that its function will serve.
  const part = usePart(dialogs, creating !== null || newFunction.isOpen);
  const progress = (index: number) =>
    newFunction.deployment.state === 'running' &&
    draft.routes[index]?.key === newFunction.routeKey &&
    part !== null &&
    part !== 'missing' ? (
      <div className="pb-3.5 pl-8.5">
        <part.DeployPart deployment={newFunction.deployment} />
      </div>
    ) : null;

  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <EditorHead
          draft={draft}
          takenAt={live.takenAt}
          account={connection.name}
          isReading={live.isReading}
          onName={(name) => form.change({ name })}
          onKind={drafting.changeKind}
        />
        <DraftNotices
          account={connection.name}
          notes={drafting.notes}
          left={drafting.left}
          lost={drafting.lost}
          onRestore={drafting.restore}
          onDiscard={drafting.discard}
        />
        <EditingNotice editing={input.editing} />
        <ActionFailure action={{ ...saving, refusal: saving.refusal ?? saving.fieldErrors }} />
        <EditorNotices
          failure={form.failure}
          syncProblem={live.problem}
          onRetryCheck={form.checkFailed ? form.retryCheck : null}
        />
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
            {isSwitch && panels !== null && panels !== 'missing' ? <panels.SwitchPanels form={form} /> : null}
            {isSwitch && panels === 'missing' ? <Banner tone="bad" title={ui('partMissing')} /> : null}
            <TtlPanel form={form} />
            <PeakPanel form={form} />
            {input.accounts.length > 0 ? (
              <AccountsPanel accounts={input.accounts} spanned={spanned} onAccountsChange={span} />
            ) : null}
          </div>
          <div className="grid min-w-0 gap-4">
            <LateBlocksPanel draft={draft} blocks={blocks} onFixAll={form.fixAll} />
            <PlanSoFar
              draft={form.checkedDraft}
              plan={preview.plan}
              isChecking={!form.isCurrent && !form.checkFailed}
            />
          </div>
        </div>
      </PageFrame>
      <span className="mt-auto" />
      <EditorFooter
        draft={form.checkedDraft}
        preview={preview}
        busy={form.isSending || form.isReviewAsked}
        isSaving={saving.isBusy}
        onSave={save}
        onDiscard={drafting.discard}
        onFirstBlock={goToFirstBlock}
        onReview={form.review}
      />
      <DialogPart
        part={dialogs}
        open={creating !== null || newFunction.isOpen}
        onClose={() => {
          stopCreating();
          newFunction.close();
        }}
      >
        {({ CreatingDialogs }) => (
          <CreatingDialogs
            resource={{ creating, form, onClose: stopCreating }}
            fn={{
              open: newFunction.isOpen,
              onClose: newFunction.close,
              form,
              region: newFunction.region,
              isolation: connection.isolation,
              deployment: newFunction.deployment,
              onDeploy: newFunction.deploy,
            }}
          />
        )}
      </DialogPart>
    </>
  );
}

/** Explains the effect of a review on the edited diversion. */
function EditingNotice({ editing }: Pick<EditorInput, 'editing'>) {
  const t = useTranslations('diversion.editing');
  if (editing === null || editing.nextRevision === 1) return null;
  const { id, nextRevision: number } = editing;
  return <Banner title={t('title', { id })}>{t('note', { id, number })}</Banner>;
}

/** The expected peak of requests, and whether the new backends can take it. */
function PeakPanel({ form }: { readonly form: DiversionForm }) {
  const t = useTranslations('diversion.peak');
  const field = 'expectedPeakRps';
  return (
    <Panel title={t('title')}>
      <div className="grid items-start gap-x-6 gap-y-3 md:grid-cols-[14rem_minmax(0,1fr)]">
        <OptionalNumber {...{ form, field }} label={t('label')} unit={t('unit')} placeholder={t('unknown')} />
        <OptionalNumberNotes {...{ form, field }} note={t('note')} withPassed />
      </div>
    </Panel>
  );
}

/** Focuses the field that the address names when the page is rendered. */
function useAskedField({ draft }: DiversionForm, asked: string | null): void {
  const isDone = useRef(false);
  useEffect(() => {
    if (asked === null || isDone.current) return;
    isDone.current = true;
    focusField(shownAt(draft, parseField(asked)));
  }, [draft, asked]);
}

type EditorKeys = { readonly onFirstBlock: () => void; readonly onReview: () => void };

/**
 * Handles the editor's keys: F8 focuses the first blocking field, Ctrl Enter (or ⌘ Enter) reviews the plan. Inside a
 * dialog the keys belong to the dialog.
 */
function useEditorKeys(keys: EditorKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.target instanceof Element && event.target.closest('[role="dialog"]')) return;
      if (event.key === 'F8') {
        event.preventDefault();
        latest.current.onFirstBlock();
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        latest.current.onReview();
      }
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** The effect on a side's traffic, at the bottom of its sheet; for an Access, the addresses of the functions. */
function SideFoot({ side, form }: { readonly side: DraftSide; readonly form: DiversionForm }) {
  const t = useTranslations('diversion.side');
  const { draft, estate } = form;
  if (draft.kind === 'access') {
    const addresses = draft.routes.flatMap((route) => accessAddress(estate, route) ?? []);
    if (addresses.length === 0) return t('access.function.foot');
    return (
      <>
        <p>{t('reached')}</p>
        <ul>
          {[...new Set(addresses)].map((address) => (
            <li key={address}>
              <Copyable value={address} />
            </li>
          ))}
        </ul>
      </>
    );
  }
  if (draft.kind === 'switch' || side === 'cvm') return t(`${draft.kind}.${side}.foot`);
  const ttlS = Math.max(0, ...ttlFacts(estate, draft).map((fact) => fact.ttlS ?? 0));
  const served = Math.min(ttlS, Number.isNaN(draft.lowerTtlS) ? ttlS : (draft.lowerTtlS ?? ttlS));
  return served > 0 ? t('split.function.footTtl', { seconds: served }) : t('split.function.foot');
}

/** Sets whether the moved names get a shorter TTL before T0, beside their current TTL. */
function TtlPanel({ form }: { readonly form: DiversionForm }) {
  const t = useTranslations('diversion.ttl');
  const { draft, estate } = form;
  const facts = ttlFacts(estate, draft);
  const floor = getTtlFloor(estate, draft);
  const { lowerTtlS } = draft;
  const oldTtlS = Math.max(0, ...facts.map(({ ttlS }) => ttlS ?? 0));
  const waits = lowerTtlS === null || lowerTtlS >= oldTtlS ? t('note') : t('waits', { seconds: oldTtlS });
  const note =
    floor === null
      ? waits
      : `${waits} ${t('floor', { zone: floor.zone, plan: floor.grade, seconds: floor.minTtlS })}`;
  const field = 'lowerTtlS';
  return (
    <Panel title={t('title')}>
      <div className="grid items-start gap-x-6 gap-y-3 md:grid-cols-[14rem_minmax(0,1fr)]">
        <OptionalNumber {...{ form, field }} label={t('label')} unit="s" placeholder={t('asItIs')} />
        <div className="grid gap-1 text-12">
          <p className="font-medium text-ink-2">{t('now')}</p>
          {facts.length === 0 ? <p className="text-ink-3">{t('noDomain')}</p> : null}
          <ul className="grid gap-0.5">
            {facts.map(({ domain, ttlS }) => (
              <li key={domain} className="flex flex-wrap gap-x-2">
                <span>{domain}</span>
                <span className="text-ink-2">
                  {ttlS === null ? t('noRecord', { seconds: recordTtlDefaultS }) : t('seconds', { ttlS })}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
      <OptionalNumberNotes {...{ form, field }} note={note} className="mt-2" />
    </Panel>
  );
}
