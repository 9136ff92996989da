import { Type } from 'typebox';
import { list, millis, serviceSelector, switchOrSection, texts } from './terms.js';

const defaults = { intervalMs: 30_000, timeoutMs: 10_000, metadata: {}, services: [] } as const;

/** How a server is asked by reflection what it offers. */
export interface ReflectionSettings {
  /** 0 = not by time. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Services by full name, or `pkg.*`; empty = all but those of the package `grpc`. */
  readonly services: readonly string[];
}

/** `upstreams.NAME.reflection`. */
export const reflection = switchOrSection(
  'The server is a source, too: its services come by gRPC server reflection. `true`, or a section; its services go to this upstream.',
  {
    intervalMs: millis(
      'How often the server is asked again, give or take a fifth; 0: only when it comes back after a loss, and at a reload.',
      defaults.intervalMs,
      0,
    ),
    timeoutMs: millis('Longest time for the whole answer.', defaults.timeoutMs),
    metadata: texts(
      'Metadata to send with the question, such as `authorization`.',
      '^(?![Gg][Rr][Pp][Cc]-|.*-[Bb][Ii][Nn]$)[A-Za-z0-9_.-]+$',
      Type.String({ maxLength: 8192, pattern: '^[\\x20-\\x7e]*$', expected: 'ASCII text', description: 'Value.' }),
      100,
    ),
    services: list(
      'Services to take: `pkg.Service`, `pkg.*` or `*`. Empty: all, but those of the package `grpc` (health, reflection).',
      serviceSelector(),
    ),
  },
);

/** The settings behind `true`, `false`, a section or nothing; undefined: the server is not asked. */
export function reflectionSettings(given: boolean | ReflectionSettings | undefined): ReflectionSettings | undefined {
  if (given === true) return defaults;
  return given === false ? undefined : given;
}
