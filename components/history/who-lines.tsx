'use client';

import { CirclePlay, CircleUserRound, Rocket } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Person } from '@/components/ui/base/person';
import { Copyable, Mono } from '@/components/ui/copyable';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { ActorView, WhoView } from '@/lib/contract/estate';
import { routes } from '@/lib/routes';

type WhoLinesProps = {
  readonly who: WhoView;
  /** True if the change has no actor because the cloud measured it. */
  readonly measured: boolean;
  readonly zone: string | null;
};

/** The actors of a change, the last one first, or the reason why they are unknown. */
export function WhoLines({ who, measured, zone }: WhoLinesProps) {
  const t = useTranslations('history.unknownWho');
  if (measured) return <span className="text-ink-3">{t('measured')}</span>;
  if (who.actors.length === 0) {
    const { trail } = who;
    return (
      <span className="text-ink-3">
        {trail.state === 'unreadable' ? t('unreadable', { code: trail.code }) : t(trail.state)}
      </span>
    );
  }
  return (
    <ul className="grid gap-1">
      {who.actors.map((actor) => (
        <li
          key={actor.kind === 'function' ? actor.id : `${actor.requestId} ${actor.action}`}
          className="flex flex-wrap items-center gap-x-2"
        >
          <Actor actor={actor} zone={zone} />
        </li>
      ))}
    </ul>
  );
}

const actorIcons = { run: CirclePlay, function: Rocket, user: CircleUserRound } as const;

function Actor({ actor, zone }: { readonly actor: ActorView; readonly zone: string | null }) {
  const t = useTranslations('history');
  const Icon = actorIcons[actor.kind];
  return (
    <>
      <Icon aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      <span>
        {actor.kind === 'run'
          ? t.rich('byRun', {
              run: () => <TextLink href={routes.run(actor.runId)}>{actor.runId}</TextLink>,
              actor: () => <Person address={actor.actor} at={actor.at} />,
            })
          : actor.kind === 'function'
            ? t.rich('byFunction', { actor: () => <Person address={actor.actor} at={actor.at} /> })
            : t('byUser', { user: actor.user })}
      </span>
      {actor.kind === 'user' && actor.sourceIp !== null ? (
        <span className="text-ink-2">{t('fromIp', { ip: actor.sourceIp })}</span>
      ) : null}
      <Mono>{actor.action}</Mono>
      <Time at={actor.at} pageZone={zone} />
      {actor.kind === 'function' ? null : (
        <span className="text-ink-2">
          {t.rich('request', {
            id: () => <Copyable value={actor.requestId} shown={actor.requestId.slice(0, 8)} />,
          })}
        </span>
      )}
    </>
  );
}
