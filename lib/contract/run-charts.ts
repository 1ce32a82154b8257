import type { Guard } from '@/lib/diversion/cutover';
import type { TrafficPoint } from '@/lib/run/model/diverted-traffic';
import type { DnsSplit, SplitTest } from '@/lib/run/model/dns-split';
import type { ChartMark, ProbePoint, ShareChange } from '@/lib/run/model/run-charts';
import type { WatchSummary } from '@/lib/run/model/run-watch';

/** `run.getCharts`: at most some hundred points of each line, oldest first. Times are ISO instants. */
export type RunChartsView = {
  readonly now: string;
  /** `off`: by the setting; `waiting`: no traffic has moved; `on`: probed now; `over`: its time is over. */
  readonly state: 'off' | 'waiting' | 'on' | 'over';
  /** The interval of probes, and how long they continue after the end of the run, in seconds. */
  readonly everyS: number;
  readonly afterS: number;
  /** True if traffic is measured at all. */
  readonly isTrafficOn: boolean;
  /** The limits that probes are judged by. */
  readonly guards: readonly Guard[];
  readonly probes: readonly ProbePoint[];
  readonly traffic: readonly TrafficPoint[];
  readonly shares: readonly ShareChange[];
  /** The newest measured share of the function against the intended one; null = nothing to compare. */
  readonly split: SplitTest | null;
  /** The newest share in the DNS answers of vantage points against the weights; null = nothing to compare. */
  readonly dnsSplit: DnsSplit | null;
  readonly marks: readonly ChartMark[];
  /** Of all rounds, however many are stored; null = none yet. */
  readonly summary: WatchSummary | null;
};
