'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useRef } from 'react';
import { focusField } from '@/components/diversion/draft/field-id';
import { ttlFacts } from '@/components/diversion/draft/ttl-facts';
import { BrowserPart, LatePart } from '@/components/ui/base/late-part';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import { classes } from '@/components/ui/classes';
import { DialogPart } from '@/components/ui/dialog';
import { PageFrame } from '@/components/ui/page-header';
import { type DraftSide, type RouteDraft, sidesOf } from '@/lib/draft/draft';
import { parseField, shownAt } from '@/lib/draft/draft-fields';
import type { EstateSlice } from '@/lib/draft/estate-slice';
import { findListener } from '@/lib/estate/look-up';
import { DraftNotices, EditorNotices } from './draft-notices';
import { EditorHead } from './editor-head';
import { SideSheet } from './side-sheet';
import type { DiversionForm } from './use-diversion-form';
import { type EditorInput, useEditor } from './use-editor';

/** The parts below and beside the sides. Each is the end of its column: nothing below it can move. */
const panels = onDemand(() => import('./editor-panels'));

/** Copies the addresses of an Access. */
const copyable = onDemand(() => import('@/components/ui/copyable'));

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
  const focusAsked = useAskedField(form, input.asked.field);
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
      <PageFrame>
        <EditorHead
          draft={draft}
          takenAt={live.takenAt}
          account={connection.name}
          isReading={live.isReading}
          onName={(name) => form.change({ name })}
          onKind={drafting.changeKind}
        />
        {input.notices}
        <DraftNotices
          left={drafting.left}
          lost={drafting.lost}
          onRestore={drafting.restore}
          onDiscard={drafting.discard}
        />
        <EditorNotices
          action={{ ...saving, refusal: saving.refusal ?? saving.fieldErrors }}
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
                  counts={
                    <BrowserPart part={panels} loading={null}>
                      {({ SideCounts }) => <SideCounts {...{ draft, preview, side }} />}
                    </BrowserPart>
                  }
                  foot={<SideFoot side={side} form={form} />}
                  below={progress}
                />
              ))}
            </div>
            <LatePart part={panels}>
              {({ LowerPanels }) => (
                <LowerPanels
                  form={form}
                  accounts={input.accounts}
                  spanned={spanned}
                  onAccountsChange={span}
                  onShown={focusAsked}
                />
              )}
            </LatePart>
          </div>
          <div className="grid min-w-0 gap-4">
            <LatePart part={panels}>{({ CheckPanels }) => <CheckPanels form={form} />}</LatePart>
          </div>
        </div>
      </PageFrame>
      <span className="mt-auto" />
      <LatePart part={panels}>
        {({ FooterPart }) => (
          <FooterPart form={form} isSaving={saving.isBusy} onSave={save} onDiscard={drafting.discard} />
        )}
      </LatePart>
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

/**
 * Focuses the field that the address names when the page is rendered.
 * @returns the same for a part that is shown later, to be called then
 */
function useAskedField(form: DiversionForm, asked: string | null): () => void {
  const opened = useRef(form.draft);
  const waiting = useRef(asked);
  const focusAsked = useCallback(() => {
    if (waiting.current === null) return;
    if (focusField(shownAt(opened.current, parseField(waiting.current)))) waiting.current = null;
  }, []);
  useEffect(focusAsked, [focusAsked]);
  return focusAsked;
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
            <li key={address} className="flex h-5 items-center">
              <BrowserPart part={copyable} loading={<span className="mono min-w-0 truncate">{address}</span>}>
                {({ Copyable }) => <Copyable value={address} />}
              </BrowserPart>
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
