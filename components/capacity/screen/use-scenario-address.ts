import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { defaultScenario } from '@/components/capacity/model/default-scenario';
import {
  type LinkProblem,
  linkTextMax,
  readScenario,
  writeScenario,
} from '@/components/capacity/model/scenario-link';
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
  const kept = query.getAll(names.kept).slice(0, keptMax).map(readScenario);
  const failed = [read, ...kept].find((each) => each !== null && !each.ok);
  return {
    scenario: read?.ok ? read.scenario : initial,
    kept: kept.flatMap((each) => (each.ok ? [each.scenario] : [])),
    problem: failed && !failed.ok ? failed.problem : null,
  };
}

/** Writes scenarios into a query and keeps its other parameters. */
function writeAddress(query: URLSearchParams, { scenario, kept }: ScenarioAddress): URLSearchParams {
  const next = new URLSearchParams(query);
  next.delete(names.kept);
  next.set(names.scenario, writeScenario(scenario));
  for (const each of kept) next.append(names.kept, writeScenario(each));
  return next;
}

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

  const linkLength = useMemo(
    () => Math.max(...[state.scenario, ...state.kept].map((each) => writeScenario(each).length)),
    [state],
  );
  const isTooLong = linkLength > linkTextMax;
  useEffect(() => {
    if (!isChanged.current || isTooLong) return;
    const timer = setTimeout(() => {
      const query = writeAddress(new URLSearchParams(window.location.search), state);
      window.history.replaceState(null, '', `?${query}`);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [state, isTooLong]);

  const change = useCallback((next: (known: ScenarioAddress) => Partial<ScenarioAddress>) => {
    isChanged.current = true;
    setProblem(null);
    setState((known) => ({ ...known, ...next(known) }));
  }, []);
  /** Returns the whole address, also if it has not followed yet; null = it would be too long. */
  const getLink = () => {
    if (isTooLong) return null;
    const query = writeAddress(new URLSearchParams(window.location.search), state);
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
