import type { BindingColumn } from '@/lib/estate/bindings/binding-query';

/** The screens on which each column shows, its width, and its place on a card. */
export const columnLook: Readonly<Record<BindingColumn, { readonly head?: string; readonly cell: string }>> =
  {
    domain: { cell: 'max-w-64 max-md:order-1 max-md:text-13 max-md:col-span-2' },
    loadBalancer: { cell: 'max-w-44 max-md:order-4' },
    listener: { cell: 'max-md:order-5 max-md:text-right' },
    region: { head: 'max-xl:hidden', cell: 'max-xl:hidden' },
    kind: { cell: 'max-md:order-3 max-md:text-right' },
    bound: { cell: 'max-w-64 max-md:order-2' },
    health: { cell: 'max-md:order-6' },
    dnsNames: { head: 'max-xl:hidden', cell: 'max-w-52 max-xl:hidden' },
    changedAt: { head: 'max-lg:hidden', cell: 'max-lg:hidden' },
  };
