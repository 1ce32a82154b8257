import type { Shortcut } from '@/components/ui/use-shortcuts';
import type { messages } from '@/lib/messages/messages';
import { routes } from '@/lib/routes';

/** A page that the palette and a `G …` shortcut open. */
export type PageEntry = {
  readonly page: keyof (typeof messages)['palette']['page'];
  readonly shortcut: Extract<Shortcut, `G ${string}`>;
  readonly href: string;
};

/**
 * Returns the pages in the order of the navigation.
 * @param connectionId the account that pages about one account open; null = none
 * @param hasAudit true if the person may read the audit log
 */
export function listPages(
  connectionId: string | null,
  hasSandbox: boolean,
  hasAudit: boolean,
): readonly PageEntry[] {
  const id = connectionId ?? undefined;
  return [
    { page: 'overview', shortcut: 'G O', href: routes.overview() },
    { page: 'estate', shortcut: 'G E', href: routes.estate(id) },
    { page: 'bindings', shortcut: 'G B', href: routes.bindings(id) },
    { page: 'functions', shortcut: 'G N', href: routes.functions(id) },
    { page: 'drift', shortcut: 'G F', href: routes.drift(id) },
    { page: 'changes', shortcut: 'G C', href: routes.changes(id) },
    { page: 'diversions', shortcut: 'G D', href: routes.diversions() },
    { page: 'schedule', shortcut: 'G S', href: routes.schedule() },
    { page: 'capacity', shortcut: 'G Y', href: routes.capacity() },
    { page: 'switches', shortcut: 'G W', href: routes.switches() },
    ...(hasSandbox ? [{ page: 'sandbox', shortcut: 'G X', href: routes.sandbox() } as const] : []),
    { page: 'settings', shortcut: 'G T', href: routes.settings() },
    ...(hasAudit ? [{ page: 'audit', shortcut: 'G A', href: routes.audit() } as const] : []),
  ];
}
