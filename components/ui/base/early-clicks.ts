/** For how long a click waits for the code of its button. */
const LONGEST_WAIT_MS = 10_000;
const CHECK_MS = 50;

/**
 * Repeats a click on a button as soon as React has hydrated it. React drops a click on what the server rendered while the
 * code for it is still loading, which takes seconds on a slow network. Links and fields work without code.
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
        // A placeholder is replaced by the control that it stands for, which has its id.
        const current = button.isConnected ? button : document.getElementById(button.id);
        if (isHandled || current === null || performance.now() > end) return;
        if (isHydrated(current)) press(current);
        else setTimeout(check, CHECK_MS);
      };
      setTimeout(check);
    },
    true,
  );
}

/** Lists open when the pointer goes down, buttons act on the click. */
function press(element: HTMLElement): void {
  for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup'])
    element.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true }));
  element.click();
}

/** React stores an element's props in a property of it once it has hydrated it: there is no public sign of that. */
function isHydrated(element: Element): boolean {
  return Object.keys(element).some((key) => key.startsWith('__reactProps$'));
}
