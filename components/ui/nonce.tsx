'use client';

import { CSPProvider } from '@base-ui/react/csp-provider';
import { createContext, type ReactNode, useContext, useState } from 'react';

const Nonce = createContext<string | undefined>(undefined);

type NonceProviderProps = { readonly nonce: string | undefined; readonly children: ReactNode };

/**
 * Provides the nonce that the content security policy requires for `<style>` elements. A refreshed page has another
 * nonce, but the policy is that of the document, so the first one stays.
 */
export function NonceProvider({ nonce, children }: NonceProviderProps) {
  const [first] = useState(nonce);
  return (
    <Nonce value={first}>
      <CSPProvider nonce={first}>{children}</CSPProvider>
    </Nonce>
  );
}

/** Returns the nonce for style elements; undefined if there is no policy. */
export function useNonce(): string | undefined {
  return useContext(Nonce);
}
