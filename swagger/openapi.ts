/** The parts of an OpenAPI document (https://spec.openapis.org/oas/v3.1.0) that are written here. A property that is undefined is left out. */

/** A JSON Schema as OpenAPI uses it: draft 2020-12 in 3.1, OpenAPI's own dialect in 3.0. */
export interface SchemaObject {
  readonly $ref?: string | undefined;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'null' | undefined;
  readonly description?: string | undefined;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** The bound itself in 3.1; in 3.0 whether `minimum` is one. */
  readonly exclusiveMinimum?: number | boolean | undefined;
  readonly exclusiveMaximum?: number | boolean | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly uniqueItems?: boolean | undefined;
  readonly minProperties?: number | undefined;
  readonly maxProperties?: number | undefined;
  readonly not?: SchemaObject | undefined;
  readonly contentEncoding?: string | undefined;
  readonly enum?: readonly (string | number | null)[] | undefined;
  readonly items?: SchemaObject | undefined;
  readonly properties?: Readonly<Record<string, SchemaObject>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: boolean | SchemaObject | undefined;
  readonly anyOf?: readonly SchemaObject[] | undefined;
  readonly allOf?: readonly SchemaObject[] | undefined;
  readonly nullable?: boolean | undefined;
  readonly readOnly?: boolean | undefined;
  readonly writeOnly?: boolean | undefined;
  readonly deprecated?: boolean | undefined;
}

export interface MediaType {
  readonly schema: SchemaObject;
  readonly example?: unknown;
}

export type Content = Readonly<Record<string, MediaType>>;

export interface ParameterObject {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description?: string | undefined;
  readonly required?: boolean | undefined;
  readonly deprecated?: boolean | undefined;
  readonly style?: 'form' | 'deepObject' | undefined;
  readonly explode?: boolean | undefined;
  readonly schema: SchemaObject;
  readonly example?: object | undefined;
  /** A path parameter that stands for several segments: its slashes are sent as they are. */
  readonly 'x-multi-segment'?: boolean | undefined;
}

export interface RequestBodyObject {
  readonly description?: string | undefined;
  readonly required?: boolean | undefined;
  readonly content: Content;
}

export interface Reference {
  readonly $ref: string;
}

export interface ResponseObject {
  readonly description: string;
  readonly content?: Content | undefined;
}

export interface OperationObject {
  readonly tags: readonly string[];
  readonly summary?: string | undefined;
  readonly description?: string | undefined;
  readonly operationId: string;
  readonly parameters?: readonly ParameterObject[] | undefined;
  readonly requestBody?: RequestBodyObject | undefined;
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>;
  readonly deprecated?: boolean | undefined;
}

/** The HTTP methods that a path item has a place for, in the order in which they are written. */
export const operationMethods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

export type OperationMethod = (typeof operationMethods)[number];

export type PathItem = Readonly<Partial<Record<OperationMethod, OperationObject>>>;

export interface ServerObject {
  /** Absolute, or relative to where the document is. */
  readonly url: string;
  readonly description?: string;
}

export interface InfoObject {
  readonly title: string;
  readonly version: string;
  /** CommonMark. */
  readonly description?: string;
}

export interface TagObject {
  readonly name: string;
  readonly description?: string | undefined;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: InfoObject;
  readonly servers?: readonly ServerObject[] | undefined;
  readonly tags: readonly TagObject[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly responses?: Readonly<Record<string, ResponseObject>> | undefined;
    readonly schemas: Readonly<Record<string, SchemaObject>>;
  };
}
