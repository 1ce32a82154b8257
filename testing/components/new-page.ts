/* Runs before each file of the project `dom`, whose files share a process, and resets the page. */
import { configure } from '@testing-library/react';

// A limit only for waits that hang: the default of 1 s is too short for a busy machine.
configure({ asyncUtilTimeout: 20_000 });

window.history.replaceState(null, '', '/');
window.localStorage.clear();
window.sessionStorage.clear();
document.body.replaceChildren();
for (const name of document.documentElement.getAttributeNames())
  document.documentElement.removeAttribute(name);
