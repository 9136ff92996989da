import {
  type Static,
  type TObject,
  type TObjectOptions,
  type TProperties,
  type TSchema,
  type TSchemaOptions,
  type TString,
  type TStringOptions,
  Type,
} from 'typebox';

/** Longest text. */
export const longest = 4096;
/** Largest number of milliseconds that a timer of Node.js takes. */
const maxMillis = 2 ** 31 - 1;

/** A section of the configuration: its keys, each of which may be left out if it has a default. */
export const section = <P extends TProperties>(description: string, keys: P) =>
  Type.Object(keys, { additionalProperties: false, default: {}, description } satisfies TObjectOptions);

/** A text of limited length that is not empty. */
export const text = (description: string, options: TStringOptions = {}) =>
  Type.String({ minLength: 1, maxLength: longest, description, ...options });

/** A file or folder path; the annotation makes it relative to the configuration file. */
export const path = (description = 'Path.') => text(description, { isPath: true, expected: 'a file path' });

/** A path under which the gateway itself serves something. */
export const urlPath = (description: string, byDefault: string, pattern: string, expected: string) =>
  text(description, { default: byDefault, pattern, expected });

/** A path under which the gateway itself serves something, or `false`. */
export const urlPathOrOff = (description: string, byDefault: string, pattern: string, expected: string) =>
  Type.Unsafe<string | false>({
    type: ['string', 'boolean'],
    maxLength: longest,
    pattern,
    not: { const: true },
    default: byDefault,
    description,
    expected: `${expected}, or false`,
  });

/** Services by their names. */
export const serviceSelector = () =>
  text('Service, or package.', {
    pattern: '^(\\*|[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*(\\.\\*)?)$',
    expected: '"pkg.Service", "pkg.*" or "*"',
  });

/** A switch. */
export const flag = (description: string, byDefault: boolean) => Type.Boolean({ default: byDefault, description });

/** One of a few words; the first is the default. */
export const oneOf = <const V extends string[]>(description: string, values: readonly [...V]) =>
  Type.Enum<V>(values, { default: values[0], description } satisfies TSchemaOptions);

/** A list, empty by default. */
export const list = <T extends TSchema>(description: string, items: T, maxItems = 1000) =>
  Type.Array(items, { maxItems, default: [], description });

/** A duration in milliseconds. */
export const millis = (description: string, byDefault: number, minimum = 1) =>
  Type.Integer({ minimum, maximum: maxMillis, default: byDefault, unit: 'ms', description });

/** A number of things. */
export const count = (description: string, byDefault: number, maximum: number, minimum = 1) =>
  Type.Integer({ minimum, maximum, default: byDefault, description });

/** A number of bytes. */
export const size = (description: string, byDefault: number, minimum: number, maximum: number) =>
  Type.Integer({ minimum, maximum, default: byDefault, unit: 'bytes', description });

/** A feature that is switched on by `true`, or by a section with its settings. */
export const switchOrSection = <P extends TProperties>(description: string, keys: P) =>
  Type.Unsafe<boolean | Static<TObject<P>>>({
    ...Type.Object(keys, { additionalProperties: false, description, expected: 'true, false or a section' }),
    type: ['boolean', 'object'],
  });

/** Texts by names of one's own. */
export const texts = (description: string, names: string, item: TString, maxProperties: number) =>
  Type.Record(Type.String({ pattern: names }), item, { additionalProperties: false, maxProperties, default: {}, description });
