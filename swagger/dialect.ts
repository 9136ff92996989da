import type { SchemaObject } from './openapi.js';

/** The OpenAPI versions that can be written. */
export type OpenApiVersion = '3.1' | '3.0';

/** What may stand beside a reference or a type: how a field differs from its type. */
export type Annotations = Pick<SchemaObject, 'description' | 'format' | 'readOnly' | 'writeOnly' | 'deprecated'>;

/** Where the schema objects of OpenAPI 3.1 (JSON Schema) and 3.0 (a dialect of its own) differ. */
export interface Dialect {
  readonly openapi: string;
  /** JSON null, and nothing else. */
  readonly nullValue: SchemaObject;
  readonly base64: SchemaObject;
  /** Bytes that are not JSON. */
  readonly binary: SchemaObject;
  /** That, or JSON null. */
  nullable(schema: SchemaObject): SchemaObject;
  annotate(schema: SchemaObject, annotations: Annotations): SchemaObject;
  /** A schema that also has keywords, which are those of 3.1. */
  restrict(schema: SchemaObject, keywords: SchemaObject): SchemaObject;
}

const v31: Dialect = {
  openapi: '3.1.0',
  nullValue: { type: 'null' },
  base64: { type: 'string', format: 'byte', contentEncoding: 'base64' },
  binary: { type: 'string', format: 'binary' },
  nullable: (schema) => ({ anyOf: [schema, { type: 'null' }] }),
  annotate: (schema, annotations) => ({ ...schema, ...annotations }),
  restrict: (schema, keywords) => ({ ...schema, ...keywords }),
};

const v30: Dialect = {
  openapi: '3.0.3',
  nullValue: { type: 'string', enum: [null], nullable: true },
  base64: { type: 'string', format: 'byte' },
  binary: { type: 'string', format: 'binary' },
  nullable: (schema) => (schema.$ref === undefined ? { ...schema, nullable: true } : { allOf: [schema], nullable: true }),
  // OpenAPI 3.0 ignores what stands beside $ref.
  annotate: (schema, annotations) =>
    schema.$ref === undefined || Object.values(annotations).every((value) => value === undefined)
      ? { ...schema, ...annotations }
      : { allOf: [schema], ...annotations },
  restrict: (schema, keywords) => {
    if (Object.keys(keywords).length === 0) return schema;
    const own = boundsOf30(keywords);
    return schema.$ref === undefined ? { ...schema, ...own } : { allOf: [schema], ...own };
  },
};

/** In OpenAPI 3.0 a bound is exclusive by a word beside it. */
function boundsOf30({ exclusiveMinimum, exclusiveMaximum, anyOf, ...others }: SchemaObject): SchemaObject {
  return {
    ...others,
    ...(typeof exclusiveMinimum === 'number' ? { minimum: exclusiveMinimum, exclusiveMinimum: true } : {}),
    ...(typeof exclusiveMaximum === 'number' ? { maximum: exclusiveMaximum, exclusiveMaximum: true } : {}),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(boundsOf30) }),
  };
}

export const dialects: Readonly<Record<OpenApiVersion, Dialect>> = { '3.1': v31, '3.0': v30 };
