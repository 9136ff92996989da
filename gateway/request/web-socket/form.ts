import { Refusal } from '../../exchange/refusal.js';
import type { Content } from '../../transcode/content.js';
import { assertFields, innerMessage, innerType } from '../../transcode/inner.js';
import type { SystemParameters } from '../../transcode/system-parameters.js';
import type { Route } from '../route.js';
import type { FrameKind } from './items.js';

/** What the messages of one WebSocket are, both ways. */
export interface FrameForm {
  /** What its client sends. */
  readonly takes: FrameKind;
  /** What of a client's message becomes one of the call. */
  contentOf(bytes: Uint8Array): Uint8Array | Content;
  /** What it is sent is binary. */
  readonly binary: boolean;
  /** Makes of a message of the call what is sent of it. Throws `WireError` or `WireFormatError`. */
  print(wire: Uint8Array): Uint8Array;
}

/**
 * The form of a WebSocket's messages:
 *
 *     protogate.json    texts, JSON each; the bytes of a google.api.HttpBody are binary
 *     protogate.proto   binary, a message in wire form each
 *
 * What `Accept` chooses from, the subprotocol has chosen. Throws {@link Refusal} for what the query says of replies that cannot be had.
 */
export function frameFormOf(route: Route, form: 'json' | 'proto', system: SystemParameters | undefined): FrameForm {
  if (system?.alt !== undefined && system.alt !== 'json')
    throw new Refusal('field', '$alt', 'can only be json: what a WebSocket carries is said by its subprotocol');
  return form === 'json' ? jsonForm(route, system) : protoForm(route, system);
}

function jsonForm({ accepts, chooseForm }: Route, system: SystemParameters | undefined): FrameForm {
  const { raw, print } = printerOf(chooseForm('application/json', system === undefined ? undefined : { ...system, alt: undefined }));
  if (accepts.raw) return { takes: 'any', contentOf: (bytes) => ({ kind: 'raw', type: '', bytes }), binary: raw, print };
  return { takes: 'text', contentOf: (bytes) => bytes, binary: raw, print };
}

function printerOf<T extends { readonly raw: boolean; print(wire: Uint8Array): Uint8Array }>(form: T) {
  return { raw: form.raw, print: (wire: Uint8Array) => form.print(wire) };
}

function protoForm({ accepts, binding }: Route, system: SystemParameters | undefined): FrameForm {
  const { response, method } = binding;
  if (!accepts.message && !accepts.nothing) throw new Refusal('field', '', 'The body of this method is no message: use protogate.json.');
  if (innerType(method.output, response) === undefined)
    throw new Refusal('field', '', 'The reply of this method is no message: use protogate.json.');
  if (system?.fields !== undefined) throw new Refusal('field', '$fields', 'selects fields of JSON replies only');
  return {
    takes: 'binary',
    contentOf: (bytes) => ({ kind: 'message', bytes }),
    binary: true,
    print(wire) {
      const message = innerMessage(wire, response);
      assertFields(message);
      return Buffer.from(message);
    },
  };
}
