import type { Binding, Capture, Segment } from '../../annotations/binding.js';
import type { FieldChain, MessageType, MethodType, Schema } from '../../proto/schema.js';
import { WireReader } from '../../proto/wire/reader.js';

const verbs: Record<number, string> = { 2: 'GET', 3: 'PUT', 4: 'POST', 5: 'DELETE', 6: 'PATCH' };
const text = new TextDecoder();

export function bindingsOf(schema: Schema): Binding[] {
  const bindings: Binding[] = [];
  for (const method of schema.methods) {
    for (const r = new WireReader(method.options); !r.done; ) {
      const tag = r.tag();
      if (tag >>> 3 === 72295728) rule(method, r.view(), 0, bindings);
      else r.skip(tag);
    }
  }
  return bindings;
}

function rule(method: MethodType, bytes: Uint8Array, index: number, into: Binding[]): void {
  let httpMethod = '';
  let template = '';
  let body = '';
  let response = '';
  const more: Uint8Array[] = [];
  for (const r = new WireReader(bytes); !r.done; ) {
    const tag = r.tag();
    const n = tag >>> 3;
    const verb = verbs[n];
    if (verb !== undefined) [httpMethod, template] = [verb, r.string()];
    else if (n === 7) body = r.string();
    else if (n === 12) response = r.string();
    else if (n === 11) more.push(r.view());
    else if (n === 8) {
      for (const c = new WireReader(r.view()); !c.done; ) {
        if (c.tag() >>> 3 === 1) httpMethod = text.decode(c.view());
        else template = c.string();
      }
    } else r.skip(tag);
  }
  into.push({
    id: into.length,
    method,
    origin: 'proto',
    httpMethod,
    index,
    body: body === '' ? 'none' : body === '*' ? '*' : chain(method.input, body),
    response: response === '' ? [] : chain(method.output, response),
    ...parse(method.input, template),
  });
  for (const [i, one] of more.entries()) rule(method, one, i + 1, into);
}

function chain(type: MessageType, path: string): FieldChain {
  let at: MessageType | undefined = type;
  return path.split('.').map((name) => {
    const field = at?.field(name);
    if (field === undefined) throw new Error(`no field ${path}`);
    at = field.kind === 'message' ? field.type : undefined;
    return field;
  });
}

function parse(type: MessageType, template: string): Pick<Binding, 'template' | 'captures'> {
  const end = template.slice(template.lastIndexOf('}') + 1);
  const colon = end.lastIndexOf('/') > end.lastIndexOf(':') ? -1 : end.lastIndexOf(':');
  const verb = colon < 0 ? undefined : end.slice(colon + 1);
  const path = verb === undefined ? template : template.slice(0, -verb.length - 1);
  const segments: Segment[] = [];
  const captures: Capture[] = [];
  for (const part of path.slice(1).match(/\{[^}]*\}|[^/]+/g) ?? []) {
    const start = segments.length;
    const [name, pattern] = part.startsWith('{') ? part.slice(1, -1).split('=') : [undefined, part];
    for (const one of (pattern ?? '*').split('/')) {
      segments.push(one === '*' ? { kind: 'single' } : one === '**' ? { kind: 'multi' } : { kind: 'literal', text: one });
    }
    const multi = segments.length - start > 1 || segments.at(-1)?.kind === 'multi';
    if (name !== undefined) captures.push({ chain: chain(type, name), start, end: segments.length, multi });
  }
  return { template: { text: template, segments, verb }, captures };
}
