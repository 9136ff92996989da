import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '../../../proto/text/tokenizer.js';
import { ROOT } from './oracle.js';

/** A generator of numbers in [0, 1) that a seed determines. */
export function randomNumbers(seed: number): () => number {
  let state = seed * 7919 + 17;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

const FILES = ['proto2', 'proto3', 'edition2023', 'edition2024', 'aggregates', 'options', 'option_types', 'literals', 'comments'];

function tokensOf(name: string): string[] {
  const tokens: string[] = [];
  const tokenizer = new Tokenizer(readFileSync(join(ROOT, `test/proto/text/protos/${name}.proto`), 'utf8'), () => undefined);
  while (tokenizer.next().type !== 'end') tokens.push(tokenizer.current.text);
  return tokens;
}

function pick<T>(random: () => number, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

/** Texts of the test protos as lists of tokens, one of them at random. */
function someTokens(random: () => number): string[] {
  return tokensOf(pick(random, FILES as [string, ...string[]]));
}

const TRIVIA = [
  ...['\n', '\n\n', ' ', '\t', '\r\n', '\f'],
  ...['// a\n', '// a\n// b\n', '//\n', '\n// own line\n', '\n// own block\n\n', ' // trailing\n\n', '// Größe\n'],
  ...['/* a */', '/* a\n * b */', '/* a */\n', '/**/', '/*\n*/\n\n', '\n/* own */\n\n', '/* 𝄞 */'],
] as [string, ...string[]];

/** A test proto with random white space and comments between its tokens. */
export function withRandomTrivia(random: () => number): string {
  const density = pick(random, [0.05, 0.2, 0.5]);
  const trivia = () => {
    let text = '';
    while (random() < density) text += pick(random, TRIVIA);
    return text;
  };
  const end = (token: string) => (/[;{}]/.test(token) && random() < 0.7 ? pick(random, ['\n', ' // x\n', '\n\n']) : ' ');
  return someTokens(random).reduce((text, token) => text + trivia() + token + end(token), '') + trivia();
}

const STRANGERS = [
  ...['0', '1', '-1', '100', '536870911', '536870912', '19000', '2147483647', '1.5', '"x"', '"\\377"', 'inf', 'nan', 'true', 'max', 'to'],
  ...[
    'optional',
    'required',
    'repeated',
    'message',
    'enum',
    'oneof',
    'group',
    'map',
    'stream',
    'option',
    'reserved',
    'extensions',
    'extend',
  ],
  ...[
    '<',
    '>',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    ';',
    ',',
    '.',
    '=',
    '-',
    ':',
    'import',
    'public',
    'export',
    'local',
    'service',
    'rpc',
    'syntax',
  ],
  ...['string', 'int32', 'M', 'E', 'default', 'json_name', 'deprecated', 'features', 'packed', 'google', 'test'],
] as [string, ...string[]];

/** A test proto with a token removed, added, moved or replaced. Most are faulty, some not. */
export function mutated(random: () => number): string {
  const tokens = someTokens(random);
  const place = () => Math.floor(random() * tokens.length);
  const at = place();
  const kind = random();
  if (kind < 0.1) tokens.splice(at, 1);
  else if (kind < 0.25) tokens.splice(at, 0, tokens[place()] ?? '');
  else if (kind < 0.4) tokens.splice(at, 1, pick(random, STRANGERS));
  else if (kind < 0.5) tokens.splice(at, 0, pick(random, STRANGERS));
  else tokens[at] = tokens.filter((token) => alike(token, tokens[at] ?? ''))[Math.floor(random() * 20)] ?? '1';
  return tokens.map((token) => token + (/[;{}]/.test(token) ? '\n' : ' ')).join('');
}

function alike(a: string, b: string): boolean {
  return /^\w/.test(a) === /^\w/.test(b) && /^\d/.test(a) === /^\d/.test(b);
}
