import { applyChange } from '@/lib/draft/apply-change';
import { applyFix } from '@/lib/draft/apply-fix';
import type { Draft, RouteDraft } from '@/lib/draft/draft';
import type { DraftChange } from '@/lib/draft/draft-change';
import { type EstateSlice, sliceEstate } from '@/lib/draft/estate-slice';
import { optionKey } from '@/lib/draft/function-key';
import { type AccountName, listOptions } from '@/lib/draft/options/answer-options';
import type { ChosenOption } from '@/lib/draft/options/find-chosen';
import type { OptionsOf } from '@/lib/draft/options/options-question';
import type { PrefillNote } from '@/lib/draft/prefill';
import { buildPreview, checkChosen, checkDraft, type DraftBasis } from '@/lib/draft/preview';
import type { Preview } from '@/lib/draft/preview-model';
import { vetFixes } from '@/lib/draft/vet-fixes';
import type { Fix } from '@/lib/preflight/model/model';

type Choice = { readonly of: OptionsOf; readonly values: readonly string[] };

function listChoices({ domain, loadBalancerId, listenerId, rule, ...route }: RouteDraft): readonly Choice[] {
  const { to } = route;
  const common: readonly Choice[] = [
    { of: { kind: 'domain' }, values: [domain] },
    { of: { kind: 'loadBalancer', to }, values: [loadBalancerId] },
    { of: { kind: 'listener', loadBalancerId, to }, values: [listenerId] },
    {
      of: { kind: 'rule', listenerId, domain, to, rule },
      values: rule.kind === 'new' ? [] : [rule.ruleId],
    },
  ];
  const backend: Choice =
    route.to === 'function'
      ? { of: { kind: 'function', loadBalancerId }, values: [optionKey(route.function)] }
      : {
          of: { kind: 'instance', loadBalancerId, rule },
          values: route.addTargets.flatMap(({ instanceId }) => instanceId ?? []),
        };
  return [...common, backend];
}

/**
 * Returns the options that the routes of a draft have chosen, so that their fields can name them before a list is
 * opened.
 */
export function listChosenOptions(
  slice: EstateSlice,
  { routes }: Pick<Draft, 'routes'>,
  accountName: AccountName,
): readonly ChosenOption[] {
  const estate = { ...slice, certificates: [] };
  return routes.flatMap((route, index) =>
    listChoices(route).flatMap(({ of, values }) =>
      listOptions(estate, of, accountName)
        .filter(({ value }) => values.includes(value))
        .map((option) => ({ ...option, kind: of.kind, index })),
    ),
  );
}

/**
 * A draft after its changes, the part of the estate that it refers to, and the results of the checks and the planner.
 */
export type CheckedDraft = {
  readonly draft: Draft;
  readonly estate: EstateSlice;
  /** The options that its fields have chosen. */
  readonly chosen: readonly ChosenOption[];
  readonly preview: Preview;
};

/** The draft that the editor opens with. */
export type OpenedDraft = CheckedDraft & {
  /** The parts of the address that do not exist. */
  readonly notes: readonly PrefillNote[];
  /** True if the draft is not empty: it is edited, or the address has content. */
  readonly isFilled: boolean;
};

/** Applies changes of the routes of a draft, each to its route: an earlier one may have added routes before it. */
async function applyChanges(
  basis: DraftBasis,
  given: Draft,
  changes: readonly DraftChange[],
): Promise<Draft> {
  let draft = given;
  for (const change of changes) {
    const key = 'index' in change ? given.routes[change.index]?.key : null;
    const index = draft.routes.findIndex((route) => route.key === key);
    if (key === null) draft = await applyChange(basis, draft, change);
    else if (index >= 0) draft = await applyChange(basis, draft, { ...change, index } as DraftChange);
  }
  return draft;
}

/** The time in which fixes are tried, in ms: what has not been tried by then is not offered. Spillway's choice. */
const triedForMs = 1500;

/**
 * Applies changes to a draft, checks and plans it, and tries the fixes of its findings: those that would create another
 * finding as severe are not offered. Trials end after a number and a time, because each is a whole preflight.
 * @param now returns the time in ms, from any start
 */
export async function answerDraft(
  basis: DraftBasis,
  { draft: given, changes }: { readonly draft: Draft; readonly changes: readonly DraftChange[] },
  accountName: AccountName,
  now = () => performance.now(),
): Promise<CheckedDraft> {
  const draft = await applyChanges(basis, given, changes);
  const preview = await buildPreview({ ...basis, draft });
  const slice = sliceEstate(basis.estate, draft);
  const shown = { draft, estate: slice, chosen: listChosenOptions(slice, draft, accountName) };
  if (preview.findings.every(({ status, fix }) => status === 'pass' || !fix?.patch))
    return { ...shown, preview };
  // With a route that is not chosen yet, a fix is judged by the others: what it breaks would show only later.
  const isWhole = preview.plan.state === 'ready';
  const check = (each: Draft) => (isWhole ? checkDraft(basis, each) : checkChosen(basis, each));
  const before = isWhole ? preview.findings : await check(draft);
  const start = now();
  const tryFix = async (patch: NonNullable<Fix['patch']>) => {
    if (now() - start > triedForMs) return null;
    return check(applyFix(basis.estate, draft, patch));
  };
  const findings = await vetFixes(preview.findings, tryFix, before);
  return { ...shown, preview: { ...preview, findings } };
}
