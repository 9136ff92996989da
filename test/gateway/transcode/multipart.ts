/** A part as it is written: `name` and `file` as they stand between quotes, further header lines. */
export interface WrittenPart {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly file?: string;
  readonly type?: string;
}

export const BOUNDARY = 'b0undary';
export const multipart = `multipart/form-data; boundary=${BOUNDARY}`;

/** A body of `multipart/form-data`, as RFC 7578 has it. */
export function writeParts(parts: readonly WrittenPart[]): Buffer {
  const pieces = parts.map(({ name, content, file, type }) => {
    const fileName = file === undefined ? '' : `; filename="${file}"`;
    const contentType = type === undefined ? '' : `\r\nContent-Type: ${type}`;
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${fileName}${contentType}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from('\r\n')]);
  });
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}
