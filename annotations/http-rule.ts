import { messageOption } from '../proto/descriptor/option.js';
import { WireReader } from '../proto/wire/reader.js';
import { LENGTH } from '../proto/wire/wire.js';

/** A google.api.HttpRule as written; '' where nothing is. */
export interface HttpRule {
  readonly selector: string;
  /** HTTP method in upper case, `*` for every one, '' if the rule has no pattern. */
  readonly httpMethod: string;
  readonly path: string;
  readonly body: string;
  readonly responseBody: string;
  readonly additionalBindings: readonly HttpRule[];
}

/** Extension of MethodOptions, google/api/annotations.proto. */
const HTTP = 72295728;

const patterns: Readonly<Record<number, string>> = { 2: 'GET', 3: 'PUT', 4: 'POST', 5: 'DELETE', 6: 'PATCH' };
const SELECTOR = 1;
const BODY = 7;
const CUSTOM = 8;
const ADDITIONAL_BINDINGS = 11;
const RESPONSE_BODY = 12;

/** Reads the `google.api.http` option of a method. Throws `WireFormatError`. */
export function readHttpRule(methodOptions: Uint8Array): HttpRule | undefined {
  const bytes = messageOption(methodOptions, HTTP);
  return bytes === undefined ? undefined : parseRule(bytes, 0);
}

/** One level more than is legal is kept, so that it can be refused; more would only serve recursion. */
const MAX_NESTING = 2;

function parseRule(bytes: Uint8Array, depth: number): HttpRule {
  const rule = { selector: '', httpMethod: '', path: '', body: '', responseBody: '', additionalBindings: [] as HttpRule[] };
  for (const reader = new WireReader(bytes); !reader.done; ) {
    const tag = reader.tag();
    const number = tag >>> 3;
    const pattern = patterns[number];
    if ((tag & 7) !== LENGTH) reader.skip(tag);
    else if (pattern !== undefined) Object.assign(rule, { httpMethod: pattern, path: reader.string() });
    else if (number === CUSTOM) Object.assign(rule, parseCustom(reader.view()));
    else if (number === SELECTOR) rule.selector = reader.string();
    else if (number === BODY) rule.body = reader.string();
    else if (number === RESPONSE_BODY) rule.responseBody = reader.string();
    else if (number === ADDITIONAL_BINDINGS && depth < MAX_NESTING) rule.additionalBindings.push(parseRule(reader.view(), depth + 1));
    else reader.skip(tag);
  }
  return rule;
}

/** google.api.CustomHttpPattern: kind 1, path 2. */
function parseCustom(bytes: Uint8Array): Pick<HttpRule, 'httpMethod' | 'path'> {
  const pattern = { httpMethod: '', path: '' };
  for (const reader = new WireReader(bytes); !reader.done; ) {
    const tag = reader.tag();
    if (tag === ((1 << 3) | LENGTH)) pattern.httpMethod = reader.string().toUpperCase();
    else if (tag === ((2 << 3) | LENGTH)) pattern.path = reader.string();
    else reader.skip(tag);
  }
  return pattern;
}
