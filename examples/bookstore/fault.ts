import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { wireOf } from './wire.js';

const domain = 'bookstore.example.com';

/** One google.rpc error detail: the name of its message and its fields. */
type Detail = readonly [message: string, fields: object];

/** A call that fails: a gRPC code, a sentence for people, and details for programs. */
export class Fault extends Error {
  constructor(
    readonly code: status,
    message: string,
    readonly details: readonly Detail[],
  ) {
    super(message);
  }
}

/** NOT_FOUND with an ErrorInfo. */
export function notFound(kind: 'SHELF' | 'BOOK', name: string): Fault {
  return new Fault(status.NOT_FOUND, `${kind.toLowerCase()} "${name}" does not exist`, [info(`${kind}_NOT_FOUND`, { name })]);
}

/** ALREADY_EXISTS with an ErrorInfo. */
export function alreadyExists(kind: 'SHELF' | 'BOOK', name: string): Fault {
  return new Fault(status.ALREADY_EXISTS, `${kind.toLowerCase()} "${name}" exists already`, [info(`${kind}_EXISTS`, { name })]);
}

/** INVALID_ARGUMENT with a BadRequest: what is wrong, by field. */
export function invalid(violations: Readonly<Record<string, string>>): Fault {
  const list = Object.entries(violations).map(([field, description]) => ({ field, description }));
  const first = list[0];
  return new Fault(status.INVALID_ARGUMENT, first === undefined ? 'invalid request' : `${first.field}: ${first.description}`, [
    ['google.rpc.BadRequest', { field_violations: list }],
  ]);
}

/** FAILED_PRECONDITION with an ErrorInfo and a PreconditionFailure. */
export function failedPrecondition(reason: string, subject: string, description: string): Fault {
  return new Fault(status.FAILED_PRECONDITION, description, [
    info(reason, { name: subject }),
    ['google.rpc.PreconditionFailure', { violations: [{ type: reason, subject, description }] }],
  ]);
}

function info(reason: string, metadata: Readonly<Record<string, string>>): Detail {
  return ['google.rpc.ErrorInfo', { reason, domain, metadata }];
}

/** What grpc-js sends for an error: code and text, and a google.rpc.Status in `grpc-status-details-bin`. Anything unexpected is INTERNAL. */
export function toServiceError(error: unknown): ServiceError {
  const fault = error instanceof Fault ? error : new Fault(status.INTERNAL, 'something went wrong', []);
  const metadata = new Metadata();
  if (fault.details.length > 0) {
    const details = fault.details.map(([name, fields]) => ({
      type_url: `type.googleapis.com/${name}`,
      value: wireOf(name).encode(fields),
    }));
    metadata.set('grpc-status-details-bin', wireOf('google.rpc.Status').encode({ code: fault.code, message: fault.message, details }));
  }
  return Object.assign(new Error(fault.message), { code: fault.code, details: fault.message, metadata });
}
