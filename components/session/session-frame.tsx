import type { ReactNode } from 'react';

type SessionFrameProps = { readonly title: string; readonly children: ReactNode };

/** A page for someone who is not signed in: a form alone. */
export function SessionFrame({ title, children }: SessionFrameProps) {
  return (
    <main className="grid min-h-screen content-start justify-items-center px-4 pt-[12vh] pb-8">
      <section className="grid w-full max-w-96 gap-4 rounded-lg border border-line bg-surface px-5 pt-4 pb-5">
        <h1 className="text-16">{title}</h1>
        {children}
      </section>
    </main>
  );
}
