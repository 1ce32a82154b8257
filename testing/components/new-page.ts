/* Runs before each file of the project `dom`, whose files share a process: each begins on a new page. */

window.history.replaceState(null, '', '/');
window.localStorage.clear();
window.sessionStorage.clear();
document.body.replaceChildren();
for (const name of document.documentElement.getAttributeNames())
  document.documentElement.removeAttribute(name);

export {};
