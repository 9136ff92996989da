/** google.rpc.Code, https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
export const Code = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

type CodeName = keyof typeof Code;

/** Their names, by number. */
export const codeNames = Object.keys(Code) as CodeName[];

/** HTTP status by google.rpc.Code, as its comments in code.proto say. */
export const httpStatusOfCode: readonly number[] = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];

/** google.rpc.Code by HTTP status, for answers that did not come from an upstream. */
export const codeOfHttpStatus: ReadonlyMap<number, number> = new Map([
  [400, Code.INVALID_ARGUMENT],
  [401, Code.UNAUTHENTICATED],
  [403, Code.PERMISSION_DENIED],
  [404, Code.NOT_FOUND],
  [405, Code.UNIMPLEMENTED],
  [406, Code.INVALID_ARGUMENT],
  [408, Code.DEADLINE_EXCEEDED],
  [409, Code.ABORTED],
  [413, Code.RESOURCE_EXHAUSTED],
  [414, Code.INVALID_ARGUMENT],
  [415, Code.INVALID_ARGUMENT],
  [429, Code.RESOURCE_EXHAUSTED],
  [431, Code.INVALID_ARGUMENT],
  [499, Code.CANCELLED],
  [500, Code.INTERNAL],
  [501, Code.UNIMPLEMENTED],
  [503, Code.UNAVAILABLE],
  [504, Code.DEADLINE_EXCEEDED],
]);
