import { expect, test } from 'vitest';
import { listSources } from '@/testing/source-graph';

/*
 * Names of the cloud, of people and of files reach pages as text, because React escapes them. This holds as long as no code
 * of a page writes HTML itself.
 */

/** The ways in which code of a page can turn a text into markup or code. */
const sinks =
  /\bdangerouslySetInnerHTML\b|\.(?:inner|outer)HTML\s*=[^=]|\.insertAdjacentHTML\(|\bdocument\.write(?:ln)?\(|\bcreateContextualFragment\(|\bsrcdoc\b|\bnew Function\(|[^.\w]eval\(/i;

const findSinks = (code: string) => sinks.exec(code)?.[0] ?? null;

test.each([
  'element.innerHTML = name',
  '<p dangerouslySetInnerHTML={{ __html: name }} />',
  'element.insertAdjacentHTML("beforeend", name)',
  'document.write(name)',
  ' eval(name)',
])('finds %s', (code) => {
  expect(findSinks(code)).not.toBeNull();
});

test('no code of pages writes HTML itself', () => {
  const found = listSources()
    .filter(({ file }) => /^(?:app|components|lib\/client)\//.test(file) && !/\.test\.tsx?$/.test(file))
    .flatMap(({ file, code }) => {
      const sink = findSinks(code);
      return sink === null ? [] : [`${file}: ${sink}`];
    });
  expect(found).toEqual([]);
});
