import { wordsOf } from './markdown.js';

/** What curl would ask for. */
export interface CurlRequest {
  readonly url: string;
  readonly init: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string };
}

/** Options that change nothing of the request that {@link CurlRequest} describes. */
const plain = ['-N', '-k', '-g', '--path-as-is'];

/** Reads a curl command line as the manual has them: `-X`, `-I`, `-d`, `-H`, {@link plain} options, and the URL. */
export function parseCurl(command: string): CurlRequest {
  const [program, ...words] = wordsOf(command);
  if (program !== 'curl') throw new Error(`not a curl command: ${command}`);
  const headers: Record<string, string> = {};
  let url = '';
  let method: string | undefined;
  let body: string | undefined;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (plain.includes(word)) continue;
    if (word === '-I') method = 'HEAD';
    else if (word === '-X') method = words.shift();
    else if (word === '-d') body = words.shift() ?? '';
    else if (word === '-H') {
      const [name = '', value = ''] = words.shift()?.split(/: */, 2) ?? [];
      headers[name.toLowerCase()] = value;
    } else if (word.startsWith('-')) throw new Error(`unknown option ${word}`);
    else url = word;
  }
  if (body === undefined) return { url, init: { method: method ?? 'GET', headers } };
  return { url, init: { method: method ?? 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body } };
}
