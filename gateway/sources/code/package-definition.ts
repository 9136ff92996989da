import type { FileDescriptor, MessageDescriptor } from '../../../proto/descriptor/descriptor.js';
import { readFileDescriptor } from '../../../proto/descriptor/read.js';
import type { Schema } from '../../../proto/schema.js';
import { camelCase, snakeCase } from './field-name.js';
import { type OptionValues, writeOptions } from './options.js';

/** What `@grpc/proto-loader` has loaded (version 0.8), as far as it is needed: messages, enums and services by their full names. */
export interface GrpcPackageDefinition {
  readonly [name: string]: object;
}

/**
 * The files of a package definition: one a package, without imports. They come from its messages and enums, HTTP rules and other custom options of
 * methods from its services, since the files have none.
 */
export function filesOfDefinition(definition: GrpcPackageDefinition, schema: Schema): readonly FileDescriptor[] {
  const serialized = new Map<string, Uint8Array>();
  for (const type of Object.values(definition))
    for (const bytes of filesOfType(type)) serialized.set(Buffer.from(bytes).toString('latin1'), bytes);
  const files = [...serialized.values()].map(readFileDescriptor);
  for (const { package: inPackage = '', messageType, service } of files) {
    for (const message of messageType) restoreNames(message);
    for (const { name = '', method } of service) {
      const methods: object = definition[inPackage === '' ? name : `${inPackage}.${name}`] ?? {};
      for (const each of method) {
        const options = writeOptions(schema, 'MethodOptions', [customOptions(methods, each.name ?? '')]);
        if (options !== undefined) each.options = Buffer.concat([each.options ?? new Uint8Array(0), options]);
      }
    }
  }
  return files;
}

/** Fields are in camel case unless `keepCase` was said. */
function restoreNames({ field, nestedType }: MessageDescriptor): void {
  for (const each of field) {
    each.jsonName ??= camelCase(each.name ?? '');
    each.name = snakeCase(each.name ?? '');
  }
  for (const inner of nestedType) restoreNames(inner);
}

function filesOfType(type: object): readonly Uint8Array[] {
  if ('fileDescriptorProtos' in type && Array.isArray(type.fileDescriptorProtos)) return type.fileDescriptorProtos;
  return [];
}

/** Those in parentheses; the files have the others. */
function customOptions(methods: object, name: string): OptionValues {
  const method = new Map<string, unknown>(Object.entries(methods)).get(name);
  const options = typeof method === 'object' && method !== null && 'options' in method ? Object(method.options) : {};
  return Object.fromEntries(Object.entries(options).filter(([key]) => key.startsWith('(')));
}
