import { Refusal } from '../exchange/refusal.js';
import { parametersOf } from './parameters.js';

/** A part of `multipart/form-data`. */
export interface Part {
  readonly name: string;
  /** A file: it has a file name, or a media type other than `text/plain`. */
  readonly file: boolean;
  /** What a file is called, as it came, a character a byte; '' if it has no name. */
  readonly fileName: string;
  /** Its Content-Type as it came, '' if there was none. */
  readonly type: string;
  /** In pieces, one after the other. */
  readonly content: readonly Uint8Array[];
}

/** Most bytes of a part's name. */
export const MAX_NAME = 1024;
/** Most bytes of a part's headers, names and values. */
export const MAX_HEADERS = 4096;
/** Most header lines of a part. */
export const MAX_HEADER_LINES = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * What the headers of a part say (RFC 7578 section 4). Throws {@link Refusal}.
 *
 * @param header values by lower-case name, a character a byte
 * @param number of the part in the body, from 1
 */
export function readPartHead(header: object, number: number): Omit<Part, 'content'> {
  const fail = (reason: string) => new Refusal('field', '', `Part ${number} of the body ${reason}.`);
  const lines = Object.entries(header).flatMap(([key, values]: [string, unknown]) =>
    (Array.isArray(values) ? values : []).map((value) => [key, String(value)] as const),
  );
  if (lines.length > MAX_HEADER_LINES) throw fail(`has more than ${MAX_HEADER_LINES} header lines`);
  if (lines.reduce((sum, [key, value]) => sum + key.length + value.length, 0) > MAX_HEADERS)
    throw fail(`has more than ${MAX_HEADERS} bytes of headers`);
  const headerOf = (key: string): string => {
    const values = lines.filter((line) => line[0] === key);
    if (values.length > 1) throw fail(`has ${key} twice`);
    return values[0]?.[1].trim() ?? '';
  };

  const disposition = headerOf('content-disposition');
  if (!/^form-data\s*(;|$)/i.test(disposition)) throw fail('has no Content-Disposition: form-data');
  // Of two of one name the first (RFC 6266 section 4.1 has them once).
  const parameters = new Map(parametersOf(disposition).toReversed());
  const name = parameters.get('name');
  if (name === undefined) throw fail('has no name');
  if (name.length > MAX_NAME) throw fail(`has a name of more than ${MAX_NAME} bytes`);
  // Section 4.7 has it deprecated: what is encoded would be taken as it is.
  if (!/^(7bit|8bit|binary|)$/i.test(headerOf('content-transfer-encoding')))
    throw fail('has a Content-Transfer-Encoding, which is not undone');
  const type = headerOf('content-type');
  if (!/^[\x20-\x7e]*$/.test(type)) throw fail('has a Content-Type that is not printable ASCII');
  const hasFileName = parameters.has('filename') || parameters.has('filename*');
  const file = hasFileName || !/^(text\/plain\s*(;|$)|$)/i.test(type);
  return { name: decodeName(name, () => fail('has a name that is not UTF-8')), file, fileName: parameters.get('filename') ?? '', type };
}

/**
 * Names are UTF-8; browsers write the three characters that would end one percent-encoded (https://html.spec.whatwg.org/#multipart-form-data).
 *
 * @param name a character a byte
 * @param fail what is thrown if it is not UTF-8
 */
export function decodeName(name: string, fail: () => Refusal): string {
  try {
    return utf8.decode(Buffer.from(name, 'latin1')).replace(/%(22|0D|0A)/g, (escaped) => decodeURIComponent(escaped));
  } catch {
    throw fail();
  }
}
