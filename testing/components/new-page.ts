/* Runs before each file of the project `dom`, whose files share a process: each begins on a new page. */
import { configure } from '@testing-library/react';
import { loadAllParts } from '@/components/ui/base/on-demand';
import '@/components/shell/connection-picker';
import '@/components/ui/dialog';
import '@/components/ui/pickers/autocomplete';
import '@/components/ui/pickers/picker';
import '@/components/ui/popover';
import '@/components/ui/select';
import '@/components/ui/toast/toasts';

// A bound for what hangs, not for what is slow: the default of 1 s is too short for a machine that does other work too.
configure({ asyncUtilTimeout: 20_000 });

window.history.replaceState(null, '', '/');
window.localStorage.clear();
window.sessionStorage.clear();
document.body.replaceChildren();
for (const name of document.documentElement.getAttributeNames())
  document.documentElement.removeAttribute(name);

// Tests are about pages that have all of their parts; `on-demand.test.tsx` is about one that has not yet.
await loadAllParts();
