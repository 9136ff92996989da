import type { Binding, Match, RouteTable } from '../../annotations/binding.js';
import { compileRule } from '../../annotations/rule.js';
import { createRouteTable } from '../../annotations/table.js';
import type { MethodType } from '../../proto/schema.js';
import { schemaOf } from './schema.js';

/** Whose methods these routes call. */
export const schema = schemaOf({
  'routes.proto': `syntax = "proto3";
    package routes;
    message M { string a = 1; string b = 2; string c = 3; string d = 4; int32 n = 5; M m = 6; string uri = 7; string arn = 8; string urn = 9; }
    service S {
      rpc Unary(M) returns (M);
      rpc Server(M) returns (stream M);
      rpc Watch(M) returns (stream M);
      rpc Client(stream M) returns (M);
      rpc Bidi(stream M) returns (stream M);
    }`,
});

/** Fields that templates of these rules may use, all strings. */
export const FIELDS = ['a', 'b', 'c', 'd', 'm.a', 'm.b', 'm.m.a', 'm.m.b'] as const;

/** Bindings of rules `GET /v1/{a}`, or `GET /v1/{a} Bidi` for a method of another kind than unary. */
export function bindingsOf(...rules: readonly string[]): Binding[] {
  return rules.map((text, id) => {
    const [httpMethod = '', path = '', kind = 'Unary'] = text.split(' ');
    const rule = { selector: '', httpMethod, path, body: '', responseBody: '', additionalBindings: [] };
    const binding = compileRule(methodOf(kind), rule, 0, 'proto');
    if ('reason' in binding) throw new Error(binding.reason);
    return { ...binding, id };
  });
}

function methodOf(kind: string): MethodType {
  const method = schema.methods.find(({ protoName }) => protoName === kind);
  if (method === undefined) throw new Error(`there is no method ${kind}`);
  return method;
}

export function tableOf(...rules: readonly string[]): RouteTable {
  return createRouteTable(bindingsOf(...rules));
}

/** A match in a few words: `GET /v1/{a} [x]`, `405 GET, HEAD`, `400 reason`, `404`. */
export function describeMatch(match: Match): string {
  switch (match.kind) {
    case 'hit':
      return `${match.binding.httpMethod} ${match.binding.template.text} [${match.captures.join(', ')}]`;
    case 'method':
      return `405 ${match.allow}`;
    case 'bad':
      return `400 ${match.reason}`;
    case 'none':
      return '404';
  }
}
