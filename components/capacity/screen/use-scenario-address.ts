import { useSearchParams } from 'next/navigation';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { defaultScenario } from '@/components/capacity/model/default-scenario';
import {
  type LinkProblem,
  linkTextMax,
  readScenario,
  writeScenario,
} from '@/components/capacity/model/scenario-link';
import { onNavigationStart } from '@/components/ui/base/navigation-start';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';

/** The names of the parameters: the scenario, and each scenario that is kept beside it. */
const names = { scenario: 's', kept: 'k' } as const;
/** The maximum number of kept scenarios. */
export const keptMax = 2;
/** Browsers limit how often the address may change: it follows once nothing moves. */
const settleMs = 300;

export type ScenarioAddress = {
  readonly scenario: CapacityScenario;
  readonly kept: readonly CapacityScenario[];
};

type Opened = ScenarioAddress & { readonly problem: LinkProblem | null };

function readAddress(query: URLSearchParams, initial: CapacityScenario): Opened {
  const text = query.get(names.scenario);
  const read = text === null ? null : readScenario(text);
  const scenario = read?.ok ? read.scenario : initial;
  // They are differences from the scenario: without it, they can't be read.
  const texts = read?.ok === false ? [] : query.getAll(names.kept).slice(0, keptMax);
  const kept = texts.map((each) => readScenario(each, scenario));
  const failed = [read, ...kept].find((each) => each !== null && !each.ok);
  return {
    scenario,
    kept: kept.flatMap((each) => (each.ok ? [each.scenario] : [])),
    problem: failed && !failed.ok ? failed.problem : null,
  };
}

type Texts = { readonly scenario: string; readonly kept: readonly string[] };

/** Writes scenarios as texts of a link. Those that are kept are mostly the same, also in a long series. */
const writeTexts = ({ scenario, kept }: ScenarioAddress): Texts => ({
  scenario: writeScenario(scenario),
  kept: kept.map((each) => writeScenario(each, scenario)),
});

/** Writes scenarios into a query and keeps its other parameters. */
function writeAddress(query: URLSearchParams, { scenario, kept }: Texts): URLSearchParams {
  const next = new URLSearchParams(query);
  next.delete(names.kept);
  next.set(names.scenario, scenario);
  for (const each of kept) next.append(names.kept, each);
  return next;
}

function replaceAddress(texts: Texts) {
  const query = `?${writeAddress(new URLSearchParams(window.location.search), texts)}`;
  // Replacing the address ends a navigation that is in progress, also if nothing changes.
  if (query !== window.location.search) window.history.replaceState(null, '', query);
}

const countCharacters = ({ scenario, kept }: Texts) =>
  [scenario, ...kept].reduce((sum, { length }) => sum + length, 0);

/**
 * Provides the scenarios of the page, which are also in its address. The address follows them shortly after; a scenario
 * that is too long for a link leaves the address as it was.
 * @param initial the scenario if the address has none
 */
export function useScenarioAddress(initial = defaultScenario) {
  const params = useSearchParams();
  const [opened] = useState(() => readAddress(new URLSearchParams(params.toString()), initial));
  const [state, setState] = useState<ScenarioAddress>({ scenario: opened.scenario, kept: opened.kept });
  const [problem, setProblem] = useState(opened.problem);
  const isChanged = useRef(false);

  // Writing a long series takes a while, and a slider must not wait for it.
  const settled = useDeferredValue(state);
  const texts = useMemo(() => writeTexts(settled), [settled]);
  const linkLength = countCharacters(texts);
  const isTooLong = linkLength > linkTextMax;
  useEffect(() => {
    if (!isChanged.current || isTooLong) return;
    const { pathname } = window.location;
    const timer = setTimeout(() => {
      // After Back, the address is that of another page.
      if (window.location.pathname === pathname) replaceAddress(texts);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [texts, isTooLong]);

  // Back must return to the scenario that was shown, and a later change of the address would end the navigation.
  const newest = useRef(state);
  useEffect(() => {
    newest.current = state;
  }, [state]);
  useEffect(
    () =>
      onNavigationStart((_url, type) => {
        // Back and Forward have changed the address already.
        if (type === 'traverse' || !isChanged.current) return;
        const written = writeTexts(newest.current);
        if (countCharacters(written) <= linkTextMax) replaceAddress(written);
      }),
    [],
  );

  const change = useCallback((next: (known: ScenarioAddress) => Partial<ScenarioAddress>) => {
    isChanged.current = true;
    setProblem(null);
    setState((known) => ({ ...known, ...next(known) }));
  }, []);
  /** Returns the whole address, also if it has not followed yet; null = it would be too long. */
  const getLink = () => {
    const newest = settled === state ? texts : writeTexts(state);
    if (countCharacters(newest) > linkTextMax) return null;
    const query = writeAddress(new URLSearchParams(window.location.search), newest);
    return `${window.location.origin}${window.location.pathname}?${query}`;
  };
  const [diversion, connection] = [params.get('diversion'), params.get('connection')];
  /** The diversion that the address names. */
  const of = useMemo(
    () => (diversion === null || connection === null ? null : { diversion, connection }),
    [diversion, connection],
  );
  return { ...state, initial, of, change, problem, getLink, linkLength, isTooLong };
}
