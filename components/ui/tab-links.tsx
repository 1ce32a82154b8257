import Link from 'next/link';
import { classes } from './classes';

type TabLink = {
  readonly name: string;
  /** null = no target; the tab is disabled. */
  readonly href: string | null;
  readonly isCurrent: boolean;
  /** The reason why the tab is disabled. */
  readonly whyNot?: string;
};

type TabLinksProps = { readonly label: string; readonly tabs: readonly TabLink[] };

/** The pages of one object side by side: links, since each has its own address. */
export function TabLinks({ label, tabs }: TabLinksProps) {
  const look = 'border-b-2 px-3 pt-1 pb-1.5 whitespace-nowrap';
  return (
    <nav aria-label={label} className="flex overflow-x-auto">
      {tabs.map(({ name, href, isCurrent, whyNot }) =>
        href === null ? (
          <span
            key={name}
            aria-disabled
            title={whyNot}
            className={classes(look, 'border-transparent text-ink-off')}
          >
            {name}
          </span>
        ) : (
          <Link
            key={name}
            href={href}
            aria-current={isCurrent ? 'page' : undefined}
            className={classes(
              look,
              'hover:text-ink',
              isCurrent ? 'border-accent font-semibold text-ink' : 'border-transparent text-ink-2',
            )}
          >
            {name}
          </Link>
        ),
      )}
    </nav>
  );
}
