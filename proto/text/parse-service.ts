import type { MethodDescriptor, ServiceDescriptor, SourceLocation } from '../descriptor/descriptor.js';
import { parseMessageName } from './parse-field.js';
import { parseOption } from './parse-option.js';
import type { Parser } from './parser.js';

/** Numbers of the fields of ServiceDescriptorProto and MethodDescriptorProto. */
const SERVICE = { name: 1, method: 2, options: 3 } as const;
const METHOD = { name: 1, input: 2, output: 3, options: 4, clientStreaming: 5, serverStreaming: 6 } as const;

/** `service Name { option ...; rpc Name (Type) returns (stream Type) { option ...; } }` */
export function parseService(p: Parser, service: ServiceDescriptor, location: SourceLocation): void {
  const { path } = location;
  p.expect('service');
  service.name = p.located(path.concat(SERVICE.name), () => p.identifier('the name of the service'));
  p.expectEnd('{', location);
  while (!p.acceptEnd('}', undefined)) {
    if (p.atEnd) p.fail(`expected "}" at the end of service ${service.name}`);
    p.recover(() => parseStatement(p, service, path));
  }
  p.close(location);
}

function parseStatement(p: Parser, service: ServiceDescriptor, path: readonly number[]): void {
  if (p.acceptEnd(';', undefined)) return;
  if (p.at('option')) {
    p.located(path.concat(SERVICE.options), () => parseOption(p, service, path.concat(SERVICE.options), 'statement'));
    return;
  }
  const method: MethodDescriptor = {};
  const location = p.open(path.concat(SERVICE.method, service.method.length));
  service.method.push(method);
  parseMethod(p, method, location);
  p.close(location);
}

function parseMethod(p: Parser, method: MethodDescriptor, location: SourceLocation): void {
  const { path } = location;
  p.expect('rpc');
  method.name = p.located(path.concat(METHOD.name), () => p.identifier('the name of the method'));
  if (parseStream(p, path.concat(METHOD.clientStreaming))) method.clientStreaming = true;
  method.inputType = p.located(path.concat(METHOD.input), () => parseMessageName(p));
  p.expect(')');
  p.expect('returns');
  if (parseStream(p, path.concat(METHOD.serverStreaming))) method.serverStreaming = true;
  method.outputType = p.located(path.concat(METHOD.output), () => parseMessageName(p));
  p.expect(')');
  if (p.acceptEnd('{', location)) parseMethodOptions(p, method, path.concat(METHOD.options));
  else p.expectEnd(';', location);
}

function parseStream(p: Parser, path: readonly number[]): boolean {
  p.expect('(');
  if (!p.at('stream')) return false;
  p.located(path, () => p.next());
  return true;
}

function parseMethodOptions(p: Parser, method: MethodDescriptor, path: readonly number[]): void {
  // Braces without options are options too, empty ones.
  method.options = new Uint8Array(0);
  while (!p.acceptEnd('}', undefined)) {
    if (p.atEnd) p.fail(`expected "}" at the end of method ${method.name}`);
    if (p.acceptEnd(';', undefined)) continue;
    p.recover(() => p.located(path, () => parseOption(p, method, path, 'statement')));
  }
}
