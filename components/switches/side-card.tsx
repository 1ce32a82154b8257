import { Ban } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { RouteGlyph } from '@/components/steps/route-glyph';
import { classes } from '@/components/ui/classes';
import { Copyable } from '@/components/ui/copyable';
import { Time } from '@/components/ui/time';
import type { SwitchView } from '@/lib/contract/switch';
import type { FailoverPolicy, Vantage } from '@/lib/diversion/failover';
import type { SwitchSide } from '@/lib/diversion/switch';
import type { HealthAnswer, HealthRound } from '@/lib/run/model/failover';

const looks: Readonly<Record<SwitchSide, string>> = {
  cvm: 'rounded-sm border-l-4 border-l-cvm',
  function:
    'relative rounded-l-sm rounded-r-2xl pl-4 before:absolute before:-inset-y-px before:-left-px before:w-1 before:rounded-l-sm before:bg-hatch-scf',
};

type SideCardProps = { readonly view: SwitchView; readonly side: SwitchSide };

/** One side of a Switch: its location, whether a backend is bound, and its responses. */
export function SideCard({ view, side }: SideCardProps) {
  const t = useTranslations('switch');
  const own = view.sides?.[side];
  const isBound = (own?.bound ?? 0) > 0;
  const isServing = view.serving === side;
  // The counts are those of the side that served then.
  const isCounted = view.rounds.at(-1)?.serving === side;
  const isDown = isServing && isCounted && view.failing >= view.policy.quorum;
  return (
    <section
      aria-label={t(`side.${side}`)}
      className={classes(
        'grid min-w-0 content-start gap-2 border px-3 py-2.5',
        looks[side],
        isDown ? 'border-bad-line bg-bad-soft' : 'border-line-strong',
        isBound ? null : 'border-dashed border-control',
      )}
    >
      <div className="flex min-w-0 items-center gap-2.5">
        <RouteGlyph part={side === 'cvm' ? 'cvm' : 'scf'} size="lg" />
        <div className="grid min-w-0">
          <b className="truncate font-semibold">{own?.label ?? t(`side.${side}`)}</b>
          {own === undefined ? null : own.address === null ? (
            <span className="text-11 text-ink-3">{t('noAddress')}</span>
          ) : (
            <Copyable value={own.address} />
          )}
        </div>
      </div>
      {own === undefined ? null : isBound ? (
        <Health view={view} side={side} isServing={isServing} />
      ) : (
        <p className="flex items-center gap-1.5 text-12 text-ink-2">
          <Ban aria-hidden className="size-3.5 text-ink-3" />
          {t('notBound')}
        </p>
      )}
    </section>
  );
}

function Health({ view, isServing }: SideCardProps & { readonly isServing: boolean }) {
  const t = useTranslations('switch.probes');
  const { policy, rounds, serving } = view;
  if (serving === null) return null;
  const vantageName = (vantage: Vantage) => {
    if (vantage.kind === 'address') return t('address');
    return vantage.resolver === null ? t('name') : t('resolver', { resolver: vantage.resolver });
  };
  const seen = servingHealth(policy, rounds, serving);
  const receiving = receivingHealth(policy, rounds, serving);
  const at = isServing ? seen[0]?.at : receiving.at;
  const lines = isServing
    ? seen.map((each, index) => ({
        key: `${index} ${vantageName(each.vantage)}`,
        label: vantageName(each.vantage),
        history: each,
      }))
    : [{ key: 'receiving', label: t('address'), history: receiving }];
  return (
    <div className="grid gap-1">
      {lines.map(({ key, label, history }) => (
        <ProbeLine key={key} label={label} history={history} />
      ))}
      {at ? <p className="text-11 text-ink-3">{t.rich('at', { time: () => <Time at={at} /> })}</p> : null}
    </div>
  );
}

/** One square for each of the last probes: solid green if it passed, framed red if not. */
function ProbeLine({ label, history }: { readonly label: string; readonly history: ProbeHistory }) {
  const t = useTranslations('switch.probes');
  const { answers } = history;
  const passed = answers.filter((answer) => answer.passed).length;
  const last = answers.at(-1);
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5 text-12">
      {last === undefined ? (
        <span className="text-ink-3">{t('none')}</span>
      ) : (
        <>
          <span aria-hidden className="flex gap-0.5">
            {answers.map((answer, index) => (
              <i
                // biome-ignore lint/suspicious/noArrayIndexKey: a window that slides has no better name for its places
                key={index}
                className={classes(
                  'size-1.75 rounded-[1px]',
                  answer.passed ? 'bg-ok' : 'bg-bad ring-1 ring-bad ring-offset-1 ring-offset-surface mx-0.5',
                )}
              />
            ))}
          </span>
          <span className={passed === answers.length ? undefined : 'font-medium text-bad-ink'}>
            {t('cells', { passed, count: answers.length })}
          </span>
          <span className="text-ink-2">{label}</span>
          <span className="text-ink-3 tabular-nums">
            {last.passed ? t('latency', { ms: last.latencyMs }) : last.failure}
          </span>
        </>
      )}
    </div>
  );
}

/** The last probes of one kind that the policy counts, oldest first. */
type ProbeHistory = { readonly answers: readonly HealthAnswer[]; readonly at: string | null };
type VantageHealth = ProbeHistory & { readonly vantage: Vantage };

/** Returns the rounds in which this side served: rounds before a move are outdated. */
function servingRounds(rounds: readonly HealthRound[], serving: SwitchSide): readonly HealthRound[] {
  return rounds.filter((round) => round.serving === serving);
}

/** Returns each vantage's view of the serving side. */
function servingHealth(
  policy: FailoverPolicy,
  rounds: readonly HealthRound[],
  serving: SwitchSide,
): readonly VantageHealth[] {
  const recent = servingRounds(rounds, serving).slice(-policy.of);
  return policy.vantages.map((vantage, index) => ({
    vantage,
    // A policy with a different number of vantages may be newer than the rounds.
    answers: recent.flatMap((round) => round.seen[index] ?? []),
    at: recent.at(-1)?.at ?? null,
  }));
}

/** Returns the responses of the other side through its own address. */
function receivingHealth(
  policy: FailoverPolicy,
  rounds: readonly HealthRound[],
  serving: SwitchSide,
): ProbeHistory {
  const recent = servingRounds(rounds, serving).slice(-policy.proof);
  return { answers: recent.map((round) => round.receiving), at: recent.at(-1)?.at ?? null };
}
