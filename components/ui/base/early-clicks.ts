/** For how long a click waits for the code of its button. */
const LONGEST_WAIT_MS = 10_000;
const CHECK_MS = 50;

/**
 * Repeats a click on a button as soon as React has hydrated it. React drops a click on what the server rendered while
 * the code for it is still loading, which takes seconds on a slow network. Links and fields work without code.
 */
export function replayEarlyClicks(): void {
  addEventListener(
    'click',
    ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      if (button === null || isHydrated(button)) return;
      let isHandled = false;
      // React stops a click that it can't handle above the button, or hydrates the button first.
      button.addEventListener(
        'click',
        () => {
          isHandled = isHydrated(button);
        },
        { once: true },
      );
      const end = performance.now() + LONGEST_WAIT_MS;
      const check = () => {
        if (isHandled || !button.isConnected || performance.now() > end) return;
        if (isHydrated(button)) button.click();
        else setTimeout(check, CHECK_MS);
      };
      setTimeout(check);
    },
    true,
  );
}

/** React stores an element's props in a property of it once it has hydrated it: there is no public sign of that. */
function isHydrated(element: Element): boolean {
  return Object.keys(element).some((key) => key.startsWith('__reactProps$'));
}
